using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Models with a million objects of their own, and with recursion in <c>forward</c>.</summary>
public sealed class LargeObjectTests
{
    [Fact]
    public void Speedup_OfAModelWithAMillionObjects_RunsOnASmallStack()
    {
        OnStack(
            1 << 20,
            () =>
            {
                Node? plain = null;
                Cell? holding = null;
                for (int i = 0; i < 1_000_000; i++)
                {
                    plain = new Node { Next = plain, Number = i };
                    holding = new Cell { Next = holding };
                }
                AssertShrinks([plain!, holding!, Enumerable.Range(0, 1_000_000).ToDictionary(i => $"word {i}", i => i)], depth: 1);
            }
        );
    }

    /// <summary>A helper that calls itself takes no more of the stack in a trace than in a plain pass.</summary>
    [Fact]
    public void Speedup_OfAForwardThatCallsItself_RunsWhereThePlainPassDoes() => OnStack(8 << 20, () => AssertShrinks([], depth: 2000));

    [Fact]
    public void Speedup_OfMoreCallsThanTheStackTakes_IsRefusedAndLeavesTheModel()
    {
        OnStack(
            1 << 20,
            () =>
            {
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                using var model = new Deep([], 1500, byFunction: true);
                using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 2, 3));
                Tensor input = randn(2, 3, 6, 6);
                Tensor before = model.call(input);

                var error = Assert.Throws<SpeedupException>(() => ModelSpeedup.Run(model, [input], masks));

                Assert.Equal("SPD2010", error.Code);
                Assert.True(before.eq(model.call(input)).all().item<bool>());
            }
        );
    }

    private static void AssertShrinks(object[] held, int depth)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Deep(held, depth, byFunction: false);
        using var masked = new Deep([], depth, byFunction: false);
        masked.load_state_dict(model.state_dict());
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 2, 3));
        Numbers.ApplyMasks(masked, masks);

        SpeedupReport report = ModelSpeedup.Run(model, [randn(2, 3, 6, 6)], masks);

        Assert.True(report.ParametersAfter < report.ParametersBefore);
        foreach (int batch in (int[])[1, 3, 7])
        {
            Tensor input = randn(batch, 3, 12, 18);
            Assert.InRange(Numbers.RelativeError(masked.call(input), model.call(input)), 0, 1e-5);
        }
    }

    private static void OnStack(int bytes, Action run)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    run();
                }
                catch (Exception thrown)
                {
                    failure = thrown;
                }
            },
            bytes
        );
        thread.Start();
        thread.Join();
        Assert.True(failure is null, failure?.ToString());
    }

    private sealed class Node
    {
        public Node? Next;
        public int Number;
    }

    private sealed class Cell
    {
        public Cell? Next;
        public object Held = "";
    }

    /// <summary>Adds a number that float32 holds exactly, many times: what is folded into a bias is rounded no more than what is computed.</summary>
    private sealed class Deep : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 3, padding: 1);
        private readonly Conv2d last = nn.Conv2d(8, 4, 1);
        private readonly object[] held;
        private readonly int depth;
        private readonly bool byFunction;

        public Deep(object[] held, int depth, bool byFunction)
            : base(nameof(Deep))
        {
            (this.held, this.depth, this.byFunction) = (held, depth, byFunction);
            manual_seed(7);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input);
            if (!byFunction)
                return last.forward(Again(x, depth));
            Func<Tensor, int, Tensor> step = (y, _) => y;
            step = (y, left) => left == 0 ? y : step(y + 0.001, left - 1);
            return last.forward(step(x, depth + (held.Length * 0)));
        }

        private static Tensor Again(Tensor x, int left) => left == 0 ? x : Again(x + (1 / 1024.0), left - 1);
    }
}
