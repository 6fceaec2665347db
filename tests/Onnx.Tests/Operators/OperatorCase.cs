using static TorchSharp.torch;

namespace Onnx.Tests.Operators;

/// <summary>A call that is exported by itself.</summary>
/// <param name="Forward">What the model's forward does.</param>
/// <param name="Shapes">Shapes of its inputs.</param>
internal sealed record OperatorCase(Func<Tensor[], Tensor[]> Forward, params long[][] Shapes)
{
    /// <summary>A module that it calls; null for none. Made anew for each element type.</summary>
    public Func<nn.Module>? Module { get; init; }

    /// <summary>Calls the module.</summary>
    public Func<nn.Module, Tensor[], Tensor[]>? Call { get; init; }

    /// <summary>Whether ONNX Runtime computes it in float64, too.</summary>
    public bool HasDouble { get; init; } = true;

    /// <summary>Whether sizes cannot follow the input.</summary>
    public bool IsFixed { get; init; }

    /// <summary>Whether the inputs are whole numbers from zero to four.</summary>
    public bool IsWhole { get; init; }
}
