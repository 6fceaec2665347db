using System.Runtime.CompilerServices;
using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Monitoring;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Core.Hosting;

/// <summary>
/// An engine that says so first where a process lacks what it needs: handlers, for a speedup, and the means to generate code. Its speedups can
/// be watched from outside.
/// </summary>
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
        DemandAll();
        return SpeedupTelemetry.Watch(model, () => engine.Speedup(model, inputs, masks, options, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public T Preview<T>(
        nn.Module model,
        IReadOnlyList<Tensor> inputs,
        MaskSet masks,
        Func<SpeedupReport, T> look,
        SpeedupOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        DemandAll();
        return engine.Preview(model, inputs, masks, look, options, cancellation);
    }

    /// <inheritdoc/>
    public ModelGraph Trace(nn.Module model, IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default)
    {
        DemandDynamicCode();
        return engine.Trace(model, inputs, cancellation);
    }

    /// <inheritdoc/>
    public ModelWidths Groups(nn.Module model, IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default)
    {
        if (!allowsNone)
            HandlerCheck.Demand(handlers);
        DemandDynamicCode();
        return engine.Groups(model, inputs, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => engine.Dispose();

    private void DemandAll()
    {
        if (!allowsNone)
            HandlerCheck.Demand(handlers);
        DemandDynamicCode();
    }

    /// <summary>Tracing re-emits the bodies of forward methods.</summary>
    private static void DemandDynamicCode()
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
            throw new SpeedupException(
                "SPD7001",
                "This program cannot generate code, which tracing needs: it was built for native compilation. Build it with PublishAot=false "
                    + "(in a file-based program: #:property PublishAot=false); the model is unchanged."
            );
    }
}
