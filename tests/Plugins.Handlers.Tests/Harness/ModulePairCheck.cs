using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>Runs <see cref="OperatorCheck"/> on a module without parameters that takes two inputs.</summary>
internal sealed class ModulePairCheck(nn.Module module, Func<Tensor, Tensor, Tensor> forward, int seed)
{
    /// <summary>Shapes of the two inputs, in one or more sizes.</summary>
    public required IReadOnlyList<long[][]> Sizes { get; init; }

    /// <summary>Axis of each input on which constants enter.</summary>
    public required IReadOnlyList<int> ConstantAxes { get; init; }

    /// <summary>Axis of the output on which unused indices enter.</summary>
    public required int UnusedAxis { get; init; }

    /// <summary>Whether both inputs have the same constants.</summary>
    public bool SameConstants { get; init; }

    /// <summary>Runs it; says whether anything was removed.</summary>
    public bool Run()
    {
        using var _ = no_grad();
        manual_seed(seed);
        Tensor[] inputs = [.. Sizes[0].Select(shape => randn(shape, dtype: ScalarType.Float64))];
        using Tensor output = forward(inputs[0], inputs[1]);
        var op = new FakeOperator(inputs, [output], []) { Module = module };
        IModuleHandler handler = Handlers.For(module.GetType());
        var check = new OperatorCheck(handler, op, new Random(seed))
        {
            Original = tensors => [forward(tensors[0], tensors[1])],
            MakeSmall = () => tensors => [forward(tensors[0], tensors[1])],
            Sizes = Sizes,
            ConstantAxes = ConstantAxes,
            UnusedAxes = [UnusedAxis],
            SameConstants = SameConstants,
        };
        return check.Run();
    }
}
