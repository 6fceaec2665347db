using Speedup.Abstractions;
using Speedup.Persistence.Masks;
using TorchSharp;
using static TorchSharp.torch;

namespace Zoo.Runs;

/// <summary>What to run.</summary>
/// <param name="Entry">The network.</param>
/// <param name="Pattern">The masks.</param>
/// <param name="Dtype">Float32 or Float64.</param>
/// <param name="Policy">What becomes of constants.</param>
/// <param name="FullWidth">Whether to take the network at its original widths and input.</param>
/// <param name="Measured">Whether to trace with the batch for measuring times, rather than a small one.</param>
public sealed record ZooCase(
    ZooEntry Entry,
    MaskPattern Pattern,
    ScalarType Dtype,
    ConstantPolicy Policy,
    bool FullWidth = false,
    bool Measured = false
)
{
    private const int Seed = 7;

    /// <summary>Whether its time is in the summary, and so is worth a median.</summary>
    public bool Repeats => Measured && Pattern == MaskPattern.L1Share50 && Policy == ConstantPolicy.Exact && Dtype == ScalarType.Float32;

    /// <summary>Inputs for tracing.</summary>
    public IReadOnlyList<ZooInput> Inputs =>
        FullWidth ? Entry.FullInputs
        : Measured ? [.. Entry.Inputs.Select(input => input.WithBatch(Entry.MeasuredBatch))]
        : Entry.Inputs;

    /// <summary>All input sizes to compare on.</summary>
    public IEnumerable<IReadOnlyList<ZooInput>> ComparedInputs =>
        FullWidth ? [Inputs]
        : Entry.SecondInputs is { } second ? [Entry.Inputs, second]
        : [Entry.Inputs];

    /// <summary>Builds the dense model: each call gives the same numbers.</summary>
    public nn.Module CreateModel()
    {
        nn.Module model = Entry.Create(FullWidth ? 1 : Entry.Divisor);
        RandomStatistics.Apply(model, Seed);
        model.to(Dtype);
        model.eval();
        return model;
    }

    /// <summary>Makes the masks for a model of this case.</summary>
    public MaskSet CreateMasks(nn.Module model) => MaskFactory.Create(model, Pattern, Entry.OutputLayers, Seed);
}
