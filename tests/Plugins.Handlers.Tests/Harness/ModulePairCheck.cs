using static TorchSharp.torch;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>Has the kit test a module without parameters that takes two inputs.</summary>
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
    public bool Run() =>
        new OperationCheck(module, (_, inputs) => [forward(inputs[0], inputs[1])], seed)
        {
            Sizes = Sizes,
            ConstantAxis = position => ConstantAxes[position],
            UnusedAxis = UnusedAxis,
            SameConstants = SameConstants,
        }.Run();
}
