using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using static TorchSharp.torch;

namespace Cli.Tests.Examples;

/// <summary>An engine that changes nothing and remembers what it was given.</summary>
internal sealed class RecordingSpeedup : IModelSpeedup
{
    public ConstantPolicy? Policy { get; private set; }

    public long[] InputShape { get; private set; } = [];

    public string[] MaskNames { get; private set; } = [];

    public long Parameters { get; private set; }

    public SpeedupReport Speedup(
        nn.Module model,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        SpeedupOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        Policy = options?.Policy;
        InputShape = inputs.Single().shape;
        MaskNames = [.. masks.Entries.Select(entry => $"{entry.ModulePath}.{entry.Parameter}").Order(StringComparer.Ordinal)];
        Parameters = model.parameters().Sum(parameter => parameter.numel());
        return SampleReport.Create();
    }

    public T Preview<T>(
        nn.Module model,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        Func<SpeedupReport, T> look,
        SpeedupOptions? options = null,
        CancellationToken cancellation = default
    ) => throw new NotSupportedException();

    public ModelGraph Trace(nn.Module model, IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public ModelWidths Groups(nn.Module model, IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default) =>
        throw new NotSupportedException();
}
