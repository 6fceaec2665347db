using Speedup.Abstractions;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>Runs <see cref="OperatorCheck"/> on a module with parameters that takes several inputs, with random masks on every axis.</summary>
internal sealed class ModuleCallCheck<TModule>(TModule module, int seed, Func<TModule, Tensor[], Tensor> call)
    where TModule : nn.Module
{
    private readonly Random _random = new(seed);

    /// <summary>Shapes of the inputs, in one or more sizes.</summary>
    public required IReadOnlyList<long[][]> Sizes { get; init; }

    /// <summary>Axis of each input on which constants enter.</summary>
    public required IReadOnlyList<int> ConstantAxes { get; init; }

    /// <summary>Axis of the output on which unused indices enter.</summary>
    public required int UnusedAxis { get; init; }

    public ConstantPolicy Policy { get; init; }

    /// <summary>Runs it; says whether anything was removed.</summary>
    public bool Run()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        manual_seed(seed);
        module.to(ScalarType.Float64);
        module.eval();
        (string Name, Parameter Value)[] state = [.. module.named_parameters(recurse: false)];
        foreach ((string name, Parameter value) in state)
            value.normal_();
        var dense = state.ToDictionary(entry => entry.Name, entry => entry.Value.clone());
        ParameterFacts[] facts = [.. state.Select(entry => new ParameterFacts(entry.Name, entry.Value, RandomMask(entry.Value.shape)))];
        Tensor[] inputs = [.. Sizes[0].Select(shape => randn(shape, dtype: ScalarType.Float64))];
        var op = new FakeOperator(inputs, [call(module, inputs)], facts) { Module = module, Policy = Policy };
        IModuleHandler handler = Handlers.For(module.GetType());
        bool removed = new OperatorCheck(handler, op, _random)
        {
            Original = tensors => [RunMasked(tensors)],
            MakeSmall = () =>
            {
                if (!op.AnyRemoved)
                    return tensors => [RunMasked(tensors)];
                var small = (TModule)handler.Replace(op)!.Build()!;
                small.eval();
                return tensors => [call(small, tensors)];
            },
            Sizes = Sizes,
            ConstantAxes = ConstantAxes,
            UnusedAxes = [UnusedAxis],
        }.Run();
        Assert.All(state, entry => Assert.True(dense[entry.Name].equal(entry.Value).all().ToBoolean(), $"{entry.Name} has changed"));
        return removed;

        Tensor RunMasked(Tensor[] tensors)
        {
            foreach ((string name, Parameter value) in state)
                value.copy_(facts.Single(entry => entry.Name == name).Masked());
            Tensor output = call(module, tensors);
            foreach ((string name, Parameter value) in state)
                value.copy_(dense[name]);
            return output;
        }
    }

    /// <summary>Slices of every axis, and single entries.</summary>
    private Tensor? RandomMask(long[] shape)
    {
        if (_random.Next(3) == 0)
            return null;
        Tensor mask = rand(shape, dtype: ScalarType.Float64).gt(0.1).to(ScalarType.Float64);
        for (int axis = 0; axis < shape.Length; axis++)
        {
            for (int i = 0; i < shape[axis]; i++)
            {
                if (_random.NextDouble() < 0.25)
                    mask.narrow(axis, i, 1).zero_();
            }
        }
        return mask;
    }
}
