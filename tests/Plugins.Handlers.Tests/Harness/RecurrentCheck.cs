using System.Globalization;
using Speedup.TestKit.Operators;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>
/// Has the kit test a recurrent module with random units masked away, random units that nobody reads, random
/// constants at the inputs, with or without an initial state, and with or without readers of the final one.
/// </summary>
internal sealed class RecurrentCheck(nn.Module module, int seed, Func<nn.Module, Tensor[], Tensor[]> run)
{
    /// <summary>Shapes of the inputs, in one or more sizes.</summary>
    public required IReadOnlyList<long[][]> Sizes { get; init; }

    /// <summary>Whether the initial state is zero, rather than random constants and variables.</summary>
    public required bool StateIsZero { get; init; }

    /// <summary>Outputs that nobody reads.</summary>
    public IReadOnlySet<int> Unread { get; init; } = new HashSet<int>();

    /// <summary>Runs it; says whether anything was removed.</summary>
    public bool Run()
    {
        OperatorSubject subject = Handlers.Kit.Operator(() => module, run, CheckInputs.Of(Sizes, _ => -1)) with
        {
            Name = module.GetType().Name,
            OutputAxis = -1,
            Unread = Unread,
            ZeroInputs = StateIsZero ? Enumerable.Range(1, Sizes[0].Length - 1).ToHashSet() : [],
            Masks = DrawMasks,
        };
        OperatorReport report = subject.Run(cases: 1, seed);
        report.ThrowIfFailed();
        return report.Removed > 0;
    }

    private static Dictionary<string, Tensor> DrawMasks(nn.Module made, Random random)
    {
        Dictionary<string, Tensor> masks = made.named_parameters().ToDictionary(entry => entry.name, entry => ones_like(entry.parameter));
        MaskUnits(masks, random);
        return masks;
    }

    private static void MaskUnits(Dictionary<string, Tensor> masks, Random random)
    {
        foreach (string state in masks.Keys.Where(name => name.StartsWith("weight_hh", StringComparison.Ordinal)).ToArray())
        {
            string suffix = state["weight_hh".Length..];
            int units = (int)masks[state].shape[1];
            int gates = (int)masks[state].shape[0] / units;
            for (int unit = 0; unit < units; unit++)
            {
                bool isZero = random.NextDouble() < 0.4;
                bool keepsBias = random.NextDouble() < 0.15;
                foreach (string kind in new[] { "weight_ih", "weight_hh", "bias_ih", "bias_hh" })
                {
                    if (!masks.TryGetValue(kind + suffix, out Tensor? mask))
                        continue;
                    for (int gate = 0; isZero && gate < gates && !(keepsBias && mask.dim() == 1); gate++)
                        mask.narrow(0, (gate * units) + unit, 1).zero_();
                }
                if (random.NextDouble() < 0.3)
                    MaskReaders(masks, suffix, unit, units);
            }
        }
        foreach (string input in masks.Keys.Where(name => name is "weight_ih" or "weight_ih_l0" or "weight_ih_l0_reverse"))
            masks[input].narrow(1, random.Next((int)masks[input].shape[1]), 1).zero_();
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
