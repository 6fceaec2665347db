using System.Globalization;
using Speedup.Abstractions;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>
/// Runs <see cref="OperatorCheck"/> on a recurrent module with random units masked away, random units that nobody reads, random
/// constants at the inputs, with or without an initial state, and with or without readers of the final one.
/// </summary>
internal sealed class RecurrentCheck(nn.Module module, int seed, Func<nn.Module, Tensor[], Tensor[]> run)
{
    private readonly Random _random = new(seed);

    /// <summary>Shapes of the inputs, in one or more sizes.</summary>
    public required IReadOnlyList<long[][]> Sizes { get; init; }

    /// <summary>Whether the initial state is zero, rather than random constants and variables.</summary>
    public required bool StateIsZero { get; init; }

    /// <summary>Outputs that nobody reads.</summary>
    public IReadOnlySet<int> Unread { get; init; } = new HashSet<int>();

    /// <summary>Runs it; says whether anything was removed.</summary>
    public bool Run()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        manual_seed(seed);
        module.to(ScalarType.Float64);
        module.eval();
        foreach ((_, Parameter parameter) in module.named_parameters())
            parameter.normal_();
        Dictionary<string, Tensor> masks = module.named_parameters().ToDictionary(entry => entry.name, entry => ones_like(entry.parameter));
        MaskUnits(masks);
        var dense = module.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.clone());
        ParameterFacts[] facts =
        [
            .. module.named_parameters().Select(entry => new ParameterFacts(entry.name, entry.parameter, masks[entry.name])),
        ];
        Tensor[] inputs = [.. Sizes[0].Select(shape => randn(shape, dtype: ScalarType.Float64))];
        var op = new FakeOperator(inputs, run(module, inputs), facts) { Module = module, Unread = Unread };
        for (int p = 1; StateIsZero && p < inputs.Length; p++)
        {
            for (int i = 0; i < op.Input(p)[-1].Length; i++)
                op.Input(p)[-1].SetConstant(i, 0);
        }
        IModuleHandler handler = Handlers.For(module.GetType());
        bool removed = new OperatorCheck(handler, op, _random)
        {
            Original = tensors => RunMasked(tensors, masks, dense),
            MakeSmall = () =>
            {
                if (!op.AnyRemoved)
                    return tensors => RunMasked(tensors, masks, dense);
                nn.Module small = handler.Replace(op)!.Build()!;
                small.eval();
                return tensors => run(small, tensors);
            },
            Sizes = Sizes,
            ConstantAxes = [.. inputs.Select(input => (int)input.dim() - 1)],
            UnusedAxes = [.. run(module, inputs).Select(output => (int)output.dim() - 1)],
        }.Run();
        Assert.All(module.named_parameters(), entry => Assert.True(dense[entry.name].equal(entry.parameter).all().ToBoolean(), entry.name));
        return removed;
    }

    private Tensor[] RunMasked(Tensor[] inputs, Dictionary<string, Tensor> masks, Dictionary<string, Tensor> dense)
    {
        foreach ((string name, Parameter parameter) in module.named_parameters())
            parameter.mul_(masks[name]);
        Tensor[] outputs = run(module, inputs);
        foreach ((string name, Parameter parameter) in module.named_parameters())
            parameter.copy_(dense[name]);
        return outputs;
    }

    private void MaskUnits(Dictionary<string, Tensor> masks)
    {
        foreach (string state in masks.Keys.Where(name => name.StartsWith("weight_hh", StringComparison.Ordinal)).ToArray())
        {
            string suffix = state["weight_hh".Length..];
            int units = (int)masks[state].shape[1];
            int gates = (int)masks[state].shape[0] / units;
            for (int unit = 0; unit < units; unit++)
            {
                bool isZero = _random.NextDouble() < 0.4;
                bool keepsBias = _random.NextDouble() < 0.15;
                foreach (string kind in new[] { "weight_ih", "weight_hh", "bias_ih", "bias_hh" })
                {
                    if (!masks.TryGetValue(kind + suffix, out Tensor? mask))
                        continue;
                    for (int gate = 0; isZero && gate < gates && !(keepsBias && mask.dim() == 1); gate++)
                        mask.narrow(0, (gate * units) + unit, 1).zero_();
                }
                if (_random.NextDouble() < 0.3)
                    MaskReaders(masks, suffix, unit, units);
            }
        }
        foreach (string input in masks.Keys.Where(name => name is "weight_ih" or "weight_ih_l0" or "weight_ih_l0_reverse"))
            masks[input].narrow(1, _random.Next((int)masks[input].shape[1]), 1).zero_();
    }

    /// <summary>Nobody reads the unit but itself, perhaps.</summary>
    private static void MaskReaders(Dictionary<string, Tensor> masks, string suffix, int unit, int units)
    {
        Tensor state = masks["weight_hh" + suffix];
        Tensor own = state.narrow(1, unit, 1);
        for (int row = 0; row < own.shape[0]; row++)
        {
            if (row % units != unit)
                own.narrow(0, row, 1).zero_();
        }
        if (!suffix.StartsWith("_l", StringComparison.Ordinal))
            return;
        bool isReverse = suffix.EndsWith("_reverse", StringComparison.Ordinal);
        int layer = int.Parse(suffix[2..].Replace("_reverse", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        foreach (string name in masks.Keys.Where(name => name.StartsWith($"weight_ih_l{layer + 1}", StringComparison.Ordinal)))
            masks[name].narrow(1, (isReverse ? units : 0) + unit, 1).zero_();
    }
}
