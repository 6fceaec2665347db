using Speedup.Abstractions;

namespace Speedup.Onnx.Abstractions;

/// <summary>Base class of operators for functions.</summary>
public abstract class OnnxFunction : IOnnxOperator
{
    /// <inheritdoc/>
    public virtual IReadOnlyList<Type> ModuleTypes => [];

    /// <inheritdoc/>
    public abstract IReadOnlyList<FunctionKey> Functions { get; }

    /// <inheritdoc/>
    public virtual string? Limits => null;

    /// <inheritdoc/>
    public void Emit(IOnnxCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Emit(call, call.Graph);
    }

    /// <summary>Writes one call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="graph">Where the nodes go.</param>
    protected abstract void Emit(IOnnxCall call, IOnnxGraph graph);

    /// <summary>Keys of the functions of some names that <c>torch</c>, <c>Tensor</c>, <c>nn.functional</c> and <c>torch.special</c> have, in-place forms included.</summary>
    protected static IReadOnlyList<FunctionKey> KeysOf(params IEnumerable<string> names)
    {
        Type[] types =
        [
            typeof(TorchSharp.torch),
            typeof(TorchSharp.torch.Tensor),
            typeof(TorchSharp.torch.nn.functional),
            typeof(TorchSharp.torch.special),
        ];
        return
        [
            .. from name in names
            from form in new[] { name, name + "_" }
            from type in types
            let key = new FunctionKey(type, form)
            where key.FindMethods().Any()
            select key,
        ];
    }
}
