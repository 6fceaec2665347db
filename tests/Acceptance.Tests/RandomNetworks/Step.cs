using static TorchSharp.torch;

namespace Acceptance.Tests.RandomNetworks;

/// <summary>What a step of a random network does.</summary>
internal enum StepKind
{
    Module,
    Add,
    AddInPlace,
    Subtract,
    Multiply,
    Maximum,
    Concatenate,
    ConcatenateSelf,
    SigmoidGate,
    PooledGate,
    Relu,
    ReluInPlace,
    Sigmoid,
    Affine,
    AffineInPlace,
    Negate,
    FunctionalMaxPool,
    FunctionalAveragePool,
    TruthGate,
    Choice,
    Copied,
    Filled,
    SortedRows,
    LargestOfRows,
    Deviation,
    RowsWritten,
    RowsTaken,
    Broadcast,
    Iterated,
    GlobalMean,
    FlattenSpatial,
}

/// <summary>One step: it reads values by number and makes the next.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="First">Number of the value that it reads.</param>
/// <param name="Second">Number of the second value, where it reads two.</param>
/// <param name="Module">The module of <see cref="StepKind.Module"/>.</param>
internal sealed record Step(StepKind Kind, int First, int Second = 0, nn.Module<Tensor, Tensor>? Module = null)
{
    public override string ToString() =>
        Kind switch
        {
            StepKind.Module => $"{Describe(Module!)}(v{First})",
            StepKind.Add
            or StepKind.AddInPlace
            or StepKind.Subtract
            or StepKind.Multiply
            or StepKind.Maximum
            or StepKind.Concatenate
            or StepKind.SigmoidGate
            or StepKind.PooledGate
            or StepKind.TruthGate
            or StepKind.Choice
            or StepKind.Copied
            or StepKind.RowsWritten
            or StepKind.Broadcast
            or StepKind.Iterated => $"{Kind}(v{First}, v{Second})",
            _ => $"{Kind}(v{First})",
        };

    private static string Describe(nn.Module module)
    {
        string parameters = string.Join(", ", module.named_parameters().Select(p => $"{p.name} [{string.Join(',', p.parameter.shape)}]"));
        return $"{module.GetName()}{{{parameters}}}";
    }
}
