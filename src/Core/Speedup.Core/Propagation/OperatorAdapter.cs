using System.Reflection;
using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Core.Propagation;

/// <summary>An operator with something added to it.</summary>
internal abstract class OperatorAdapter(GraphOperator view) : IOperator
{
    /// <summary>The operator itself.</summary>
    protected GraphOperator View { get; } = view;

    /// <inheritdoc/>
    public string Name => View.Name;

    /// <inheritdoc/>
    public ConstantPolicy Policy => View.Policy;

    /// <inheritdoc/>
    public virtual torch.nn.Module? Module => View.Module;

    /// <inheritdoc/>
    public MethodInfo? Method => View.Method;

    /// <inheritdoc/>
    public int InputCount => View.InputCount;

    /// <inheritdoc/>
    public int OutputCount => View.OutputCount;

    /// <inheritdoc/>
    public virtual TensorFacts Input(int position) => View.Input(position);

    /// <inheritdoc/>
    public virtual TensorFacts Output(int position) => View.Output(position);

    /// <inheritdoc/>
    public bool IsRead(int position) => View.IsRead(position);

    /// <inheritdoc/>
    public string? FindNarrowPlace(Type moduleType) => View.FindNarrowPlace(moduleType);

    /// <inheritdoc/>
    public ParameterFacts? FindParameter(string name) => View.FindParameter(name);

    /// <inheritdoc/>
    public virtual object? FindArgument(string name) => View.FindArgument(name);

    /// <inheritdoc/>
    public virtual AxisFacts Facts(AxisRef axis) => View.Facts(axis);
}
