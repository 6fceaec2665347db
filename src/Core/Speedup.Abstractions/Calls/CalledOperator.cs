using System.Reflection;
using TorchSharp;

namespace Speedup.Abstractions;

/// <summary>A module call that looks like the function call which the module makes.</summary>
internal class CalledOperator(IOperator module, FunctionCall call) : IOperator
{
    public string Name => module.Name;

    public ConstantPolicy Policy => module.Policy;

    public torch.nn.Module? Module => null;

    public MethodInfo? Method => call.Method;

    public int InputCount => module.InputCount;

    public int OutputCount => module.OutputCount;

    public TensorFacts Input(int position) => module.Input(position);

    public TensorFacts Output(int position) => module.Output(position);

    public bool IsRead(int position) => module.IsRead(position);

    public string? FindNarrowPlace(Type moduleType) => null;

    public ParameterFacts? FindParameter(string name) => null;

    public object? FindArgument(string name) => call.FindArgument(name);

    public AxisFacts Facts(AxisRef axis) => module.Facts(axis);
}
