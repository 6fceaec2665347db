using Speedup.Abstractions;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>Runs <see cref="OperatorCheck"/> on a module with random parameters and masks.</summary>
internal sealed class ModuleCheck(nn.Module<Tensor, Tensor> module, int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Input shapes, the traced one first.</summary>
    public required IReadOnlyList<long[]> Sizes { get; init; }

    /// <summary>Axis of the input on which constants enter.</summary>
    public int ConstantAxis { get; init; } = 1;

    /// <summary>Axis of the output on which unused indices enter.</summary>
    public int UnusedAxis { get; init; } = 1;

    public ConstantPolicy Policy { get; init; }

    /// <summary>Runs it; says whether anything was removed.</summary>
    public bool Run()
    {
        using var _ = no_grad();
        manual_seed(seed);
        module.to(ScalarType.Float64);
        module.eval();
        Randomize();
        var state = State().ToDictionary(entry => entry.Name, entry => entry.Value.clone());
        ParameterFacts[] parameters = [.. State().Select(entry => new ParameterFacts(entry.Name, entry.Value, RandomMask(entry)))];
        using Tensor input = randn(Sizes[0], dtype: ScalarType.Float64);
        using Tensor output = module.forward(input.clone());
        var op = new FakeOperator([input], [output], parameters) { Module = module, Policy = Policy };
        IModuleHandler handler = Handlers.For(module.GetType());
        var check = new OperatorCheck(handler, op, _random)
        {
            Original = inputs => [RunMasked(inputs[0], parameters)],
            MakeSmall = () => Small(handler, op),
            Sizes = [.. Sizes.Select(size => new[] { size })],
            ConstantAxes = [ConstantAxis],
            UnusedAxes = [UnusedAxis],
        };
        bool removed = check.Run();
        Assert.All(State(), entry => Assert.True(state[entry.Name].equal(entry.Value).all().ToBoolean(), $"{entry.Name} has changed"));
        return removed;
    }

    private Func<Tensor[], Tensor[]> Small(IModuleHandler handler, FakeOperator op)
    {
        bool needed = op.AnyRemoved || op.AnyMasked;
        var small = (nn.Module<Tensor, Tensor>?)(needed ? handler.Replace(op)?.Build() : null) ?? module;
        Assert.Equal(module.GetType(), small.GetType());
        small.eval();
        return inputs => [small.forward(inputs[0])];
    }

    private void Randomize()
    {
        foreach (var (name, value, _) in State())
        {
            if (name == "running_var")
                value.uniform_(0.2, 3);
            else if (name != "num_batches_tracked")
                value.normal_();
        }
    }

    private Tensor RunMasked(Tensor input, ParameterFacts[] parameters)
    {
        var dense = State().ToDictionary(entry => entry.Name, entry => entry.Value.clone());
        foreach (var (name, value, _) in State())
            value.copy_(parameters.Single(parameter => parameter.Name == name).Masked());
        Tensor output = module.forward(input.clone());
        foreach (var (name, value, _) in State())
            value.copy_(dense[name]);
        return output;
    }

    /// <summary>Rows, columns and single entries.</summary>
    private Tensor? RandomMask((string Name, Tensor Value, bool IsParameter) entry)
    {
        if (!entry.IsParameter || _random.Next(3) == 0)
            return null;
        Tensor mask = ones(entry.Value.shape, dtype: ScalarType.Float64);
        for (int axis = 0; axis < Math.Min(2, mask.dim()); axis++)
        {
            for (int i = 0; i < mask.shape[axis]; i++)
            {
                if (_random.NextDouble() < 0.3)
                    mask.narrow(axis, i, 1).zero_();
            }
        }
        return mask * rand(mask.shape, dtype: ScalarType.Float64).gt(0.1).to(ScalarType.Float64);
    }

    private IEnumerable<(string Name, Tensor Value, bool IsParameter)> State() =>
        [
            .. module.named_parameters(false).Select(entry => (entry.name, (Tensor)entry.parameter, true)),
            .. module.named_buffers(false).Select(entry => (entry.name, entry.buffer, false)),
        ];
}
