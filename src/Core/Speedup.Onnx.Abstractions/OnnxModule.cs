using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Onnx.Abstractions;

/// <summary>Base class of operators for one module type.</summary>
/// <typeparam name="TModule">The module type.</typeparam>
public abstract class OnnxModule<TModule> : IOnnxOperator
    where TModule : nn.Module
{
    /// <inheritdoc/>
    public virtual IReadOnlyList<Type> ModuleTypes => [typeof(TModule)];

    /// <inheritdoc/>
    public virtual IReadOnlyList<FunctionKey> Functions => [];

    /// <inheritdoc/>
    public virtual string? Limits => null;

    /// <inheritdoc/>
    public void Emit(IOnnxCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Emit(call, (TModule)call.Module!, call.Graph);
    }

    /// <summary>Writes one call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="module">The module, whose settings are read.</param>
    /// <param name="graph">Where the nodes go.</param>
    protected abstract void Emit(IOnnxCall call, TModule module, IOnnxGraph graph);
}
