using System.Reflection;
using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.TestKit.Handlers;

/// <summary>An operator as the engine shows it, with something added.</summary>
/// <param name="inner">The engine's.</param>
internal abstract class ObservedOperator(IOperator inner) : IOperator
{
    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public ConstantPolicy Policy => inner.Policy;

    /// <inheritdoc/>
    public torch.nn.Module? Module => inner.Module;

    /// <inheritdoc/>
    public MethodInfo? Method => inner.Method;

    /// <inheritdoc/>
    public int InputCount => inner.InputCount;

    /// <inheritdoc/>
    public int OutputCount => inner.OutputCount;

    /// <inheritdoc/>
    public TensorFacts Input(int position) => inner.Input(position);

    /// <inheritdoc/>
    public TensorFacts Output(int position) => inner.Output(position);

    /// <inheritdoc/>
    public bool IsRead(int position) => inner.IsRead(position);

    /// <inheritdoc/>
    public string? FindNarrowPlace(Type moduleType) => inner.FindNarrowPlace(moduleType);

    /// <inheritdoc/>
    public ParameterFacts? FindParameter(string name) => inner.FindParameter(name);

    /// <inheritdoc/>
    public object? FindArgument(string name) => inner.FindArgument(name);

    /// <inheritdoc/>
    public AxisFacts Facts(AxisRef axis) => inner.Facts(axis);

    /// <summary>The axis, counted from the front.</summary>
    public AxisRef FromFront(AxisRef axis) =>
        axis.Axis >= 0 ? axis
        : axis.Kind == PortKind.Input ? axis with { Axis = inner.Input(axis.Position).Normalize(axis.Axis) }
        : axis.Kind == PortKind.Output ? axis with { Axis = inner.Output(axis.Position).Normalize(axis.Axis) }
        : axis with { Axis = inner.FindParameter(axis.Parameter!)!.Facts.Normalize(axis.Axis) };
}
