using Speedup.TestKit.Subjects;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>Inputs as the kit takes them, of shapes that are listed size by size.</summary>
internal static class CheckInputs
{
    /// <summary>The inputs.</summary>
    /// <param name="sizes">Shapes of all inputs, in one or more sizes; the first one is the traced one.</param>
    /// <param name="axisOf">Axis of an input on which constants enter.</param>
    public static KitInput[] Of(IReadOnlyList<long[][]> sizes, Func<int, int> axisOf) =>
        [
            .. sizes[0]
                .Select(
                    (shape, p) => new KitInput(shape) { Axis = axisOf(p), OtherShapes = [.. sizes.Skip(1).Select(shapes => shapes[p])] }
                ),
        ];
}
