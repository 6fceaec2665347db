using Speedup.Core.Graph;
using Speedup.Core.Masks;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;
using Speedup.Core.Reporting;
using static TorchSharp.torch;

namespace Speedup.Core.Hosting;

/// <summary>An engine that refuses to work without handlers; a trace needs none.</summary>
internal sealed class EquippedSpeedup(SpeedupEngine engine, HandlerRegistry handlers, bool allowsNone) : IModelSpeedup, IDisposable
{
    /// <inheritdoc/>
    public SpeedupReport Speedup(
        nn.Module model,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        SpeedupOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        if (!allowsNone)
            HandlerCheck.Demand(handlers);
        return engine.Speedup(model, inputs, masks, options, cancellation);
    }

    /// <inheritdoc/>
    public ModelGraph Trace(nn.Module model, IReadOnlyList<Tensor> inputs) => engine.Trace(model, inputs);

    /// <inheritdoc/>
    public void Dispose() => engine.Dispose();
}
