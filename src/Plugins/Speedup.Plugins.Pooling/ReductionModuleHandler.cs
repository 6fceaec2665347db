using System.Reflection;
using Speedup.Abstractions;
using Speedup.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Pooling;

/// <summary>Handles the modules <see cref="Mean"/>, <see cref="Sum"/> and <see cref="AMax"/>.</summary>
internal sealed class ReductionModuleHandler() : FunctionModuleHandler<AxisReduction>(new ReductionHandler())
{
    private static readonly MethodInfo MeanFunction = Find("mean", typeof(ScalarType?));
    private static readonly MethodInfo SumFunction = Find("sum", typeof(ScalarType?));
    private static readonly MethodInfo MaximumFunction = Find("amax", typeof(Tensor));

    public override IReadOnlyList<Type> ModuleTypes => [typeof(Mean), typeof(Sum), typeof(AMax)];

    protected override FunctionCall CallOf(IOperator op)
    {
        AxisReduction module = ModuleOf(op);
        MethodInfo function = module switch
        {
            Mean => MeanFunction,
            Sum => SumFunction,
            _ => MaximumFunction,
        };
        return new FunctionCall(function, new InputRef(0), module.Dims.ToArray(), module.KeepDim, null);
    }

    private static MethodInfo Find(string name, Type last) => typeof(Tensor).GetMethod(name, [typeof(long[]), typeof(bool), last])!;
}
