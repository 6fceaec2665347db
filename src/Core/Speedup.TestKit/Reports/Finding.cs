using Speedup.Abstractions;

namespace Speedup.TestKit.Reports;

/// <summary>A fault in the making, before its case is known.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Message">With the expected and the actual values.</param>
internal sealed record Finding(KitFaultKind Kind, string Message)
{
    /// <summary>The author's handler; null where none could be told to be at fault.</summary>
    public IOperatorHandler? Handler { get; init; }

    /// <summary>Name of the function that is at fault; null where it could not be told.</summary>
    public string? Function { get; init; }

    /// <summary>Where it shows.</summary>
    public AxisRef? Axis { get; init; }

    /// <summary>The indices of the axis.</summary>
    public IReadOnlyList<int> Indices { get; init; } = [];

    /// <summary>The fault.</summary>
    /// <param name="seed">Seed of the case; null for the run as a whole.</param>
    /// <param name="type">The dtype of the case; null for the run as a whole.</param>
    public KitFault Of(int? seed, TorchSharp.torch.ScalarType? type) =>
        new(Kind, seed, type, Message)
        {
            Handler = Handler?.GetType().FullName,
            Function = Function,
            Axis = Axis,
            Indices = Indices,
        };
}
