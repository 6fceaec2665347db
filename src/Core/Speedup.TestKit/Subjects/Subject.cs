using TorchSharp;

namespace Speedup.TestKit.Subjects;

/// <summary>What is tested, and how.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="ModuleType">Type of the module; null where a function is tested.</param>
/// <param name="Create">Creates the module; null where a function is tested.</param>
/// <param name="Call">Calls it.</param>
/// <param name="Inputs">Its inputs.</param>
internal sealed record Subject(
    string Name,
    Type? ModuleType,
    Func<torch.nn.Module>? Create,
    SubjectCall Call,
    IReadOnlyList<KitInput> Inputs
)
{
    private const double AlmostAll = 0.95;

    /// <summary>The axis on which channels leave; null for that of the first input.</summary>
    public int? OutputAxis { get; init; }

    /// <summary>Channels that are masked together, at the inputs and at the outputs.</summary>
    public (int Input, int Output) Blocks { get; init; } = (1, 1);

    /// <summary>Share of the removable channels that must go.</summary>
    public double LeastCompleteness { get; init; } = AlmostAll;

    /// <summary>Share of the cases in which the module itself must lose parameters.</summary>
    public double LeastShrunk { get; init; }

    /// <summary>One case in so many runs in float32, too.</summary>
    public int Float32Every { get; init; } = 1;
}
