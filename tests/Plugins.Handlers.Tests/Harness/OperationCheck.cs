using Speedup.Abstractions;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>Runs <see cref="OperatorCheck"/> on a module without parameters, with any number of inputs and outputs.</summary>
internal sealed class OperationCheck(nn.Module module, Func<nn.Module, Tensor[], Tensor[]> call, int seed)
{
    /// <summary>Shapes of the inputs, in one or more sizes; the first one is the traced one.</summary>
    public required IReadOnlyList<long[][]> Sizes { get; init; }

    /// <summary>Axis of all inputs on which constants enter.</summary>
    public required int ConstantAxis { get; init; }

    /// <summary>Axis of all outputs on which unused indices enter.</summary>
    public required int UnusedAxis { get; init; }

    /// <summary>Whether the engine had to build another module.</summary>
    public bool IsRebuilt { get; private set; }

    /// <summary>Runs it; says whether anything was removed.</summary>
    public bool Run()
    {
        using var _ = no_grad();
        manual_seed(seed);
        Tensor[] inputs = [.. Sizes[0].Select(shape => randn(shape, dtype: ScalarType.Float64))];
        Tensor[] outputs = call(module, inputs);
        var op = new FakeOperator(inputs, outputs, []) { Module = module };
        IModuleHandler handler = Handlers.For(module.GetType());
        return new OperatorCheck(handler, op, new Random(seed))
        {
            Original = tensors => call(module, tensors),
            MakeSmall = () => Small(handler, op),
            Sizes = Sizes,
            ConstantAxes = [.. inputs.Select(_ => ConstantAxis)],
            UnusedAxes = [.. outputs.Select(_ => UnusedAxis)],
        }.Run();
    }

    /// <summary>As the engine does: a module is built where an axis shrinks, and has settings of its own just then.</summary>
    private Func<Tensor[], Tensor[]> Small(IModuleHandler handler, FakeOperator op)
    {
        if (!op.AnyRemoved)
            Assert.Null(handler.Replace(op));
        nn.Module? built = op.AnyRemoved ? handler.Replace(op)?.Build() : null;
        IsRebuilt = built is not null;
        Assert.True(built is null || built.GetType() == module.GetType());
        return tensors => call(built ?? module, tensors);
    }
}
