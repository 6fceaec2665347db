using static TorchSharp.torch;

namespace Zoo;

/// <summary>One network of the zoo.</summary>
public sealed record ZooEntry
{
    /// <summary>Short name, for tables and <c>--networks</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Builds the network with all widths divided by a number; 1 is the original.</summary>
    public required Func<int, nn.Module> Create { get; init; }

    /// <summary>The divisor of the suites.</summary>
    public required int Divisor { get; init; }

    /// <summary>Inputs for the thinned network.</summary>
    public required IReadOnlyList<ZooInput> Inputs { get; init; }

    /// <summary>Inputs of another size that the thinned network takes too; null where it takes one size only.</summary>
    public IReadOnlyList<ZooInput>? SecondInputs { get; init; }

    /// <summary>
    /// Batch for measuring times: thinned networks on small batches take less time than the managed code around their calls.
    /// </summary>
    public long MeasuredBatch { get; init; } = 128;

    /// <summary>Inputs for the network at full width.</summary>
    public required IReadOnlyList<ZooInput> FullInputs { get; init; }

    /// <summary>Modules whose rows are the model's output: most masks leave them alone.</summary>
    public required IReadOnlySet<string> OutputLayers { get; init; }

    /// <summary>Published number of parameters at full width with 1000 classes; null where there is none to compare with.</summary>
    public long? FullParameters { get; init; }

    /// <summary>Runs a model of this entry; tuples become lists. The tensors belong to the caller.</summary>
    public static IReadOnlyList<Tensor> Run(nn.Module model, IReadOnlyList<Tensor> inputs) =>
        model switch
        {
            nn.Module<Tensor, Tensor> single => [single.call(inputs[0])],
            nn.Module<Tensor, (Tensor, Tensor)> pair => AsList(pair.call(inputs[0])),
            _ => throw new NotSupportedException($"{model.GetType()} has a signature that the zoo does not know."),
        };

    private static IReadOnlyList<Tensor> AsList((Tensor First, Tensor Second) pair) => [pair.First, pair.Second];
}
