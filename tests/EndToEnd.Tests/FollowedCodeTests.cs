using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Code of a model that does not stand in a method with tensors in its signature: iterators, objects that hold tensors, constructors.</summary>
public sealed class FollowedCodeTests
{
    public static TheoryData<string> Names => [.. Models.Keys];

    private static Dictionary<string, Func<UnusualModel>> Models { get; } =
        new(StringComparer.Ordinal)
        {
            ["iterator in foreach"] = () => new Iterator(),
            ["iterator in LINQ"] = () => new Collected(),
            ["iterator that calls itself"] = () => new Tree(),
            ["enumerator of an object"] = () => new Enumerated(),
            ["method of an object that holds a tensor"] = () => new Stateful(),
            ["virtual method from object to object"] = () => new Chained(),
            ["constructor that computes"] = () => new Constructed(),
            ["constructor of a structure and of a base class"] = () => new BaseConstructed(),
        };

    [Theory]
    [MemberData(nameof(Names))]
    public void Speedup_IsExactInPlainPasses(string name) => UnusualModel.AssertExact(Models[name]);

    private sealed class Iterator() : UnusualModel("iterator")
    {
        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input);
            foreach (Tensor branch in Branches(x))
                x = x + branch;
            return last.forward(x);
        }

        private static IEnumerable<Tensor> Branches(Tensor x)
        {
            using (no_grad()) // a finally block
            {
                yield return x.relu();
                for (int scale = 2; scale < 4; scale++)
                    yield return (x * scale).sigmoid();
            }
        }
    }

    private sealed class Collected() : UnusualModel("collected")
    {
        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input);
            List<Tensor> branches = [.. Branches(x).Where(branch => branch.shape[1] > 1)];
            return last.forward(branches[0] + branches[1]);
        }

        private readonly Tanh bend = nn.Tanh();

        private IEnumerable<Tensor> Branches(Tensor x)
        {
            yield return x.relu();
            yield return bend.forward(x);
        }
    }

    private sealed class Tree() : UnusualModel("tree")
    {
        public override Tensor forward(Tensor input) => last.forward(Halves(first.forward(input), 2).Aggregate((sum, x) => sum + x));

        private static IEnumerable<Tensor> Halves(Tensor x, int depth)
        {
            yield return x.relu();
            if (depth == 0)
                yield break;
            foreach (Tensor inner in Halves(x * 0.5, depth - 1))
                yield return inner.tanh();
        }
    }

    private sealed class Enumerated() : UnusualModel("enumerated")
    {
        public override Tensor forward(Tensor input)
        {
            var scales = new Scales { Start = first.forward(input) };
            Tensor? sum = null;
            foreach (Tensor x in scales)
                sum = sum is null ? x : sum + x;
            return last.forward(sum!);
        }

        private sealed class Scales
        {
            public required Tensor Start { get; init; }

            public IEnumerator<Tensor> GetEnumerator()
            {
                yield return Start.relu();
                yield return Start.sigmoid();
            }
        }
    }

    private sealed class Stateful() : UnusualModel("stateful")
    {
        public override Tensor forward(Tensor input)
        {
            var state = new State(first.forward(input));
            state.Activate();
            state.Double();
            return last.forward(state.Hidden);
        }

        private sealed class State(Tensor hidden)
        {
            public Tensor Hidden { get; private set; } = hidden;

            public void Activate() => Hidden = Hidden.relu();

            public void Double() => Hidden = Hidden * 2;
        }
    }

    private sealed class Chained() : UnusualModel("chained")
    {
        private readonly Step[] steps = [new Activation(), new Doubling()];

        public override Tensor forward(Tensor input)
        {
            var features = new Features(first.forward(input), input.shape[2]);
            foreach (Step step in steps)
                features = step.Take(features);
            return last.forward(features.Hidden);
        }

        private sealed record Features(Tensor Hidden, long Size);

        private abstract class Step
        {
            public abstract Features Take(Features features);
        }

        private sealed class Activation : Step
        {
            public override Features Take(Features features) => features with { Hidden = features.Hidden.relu() };
        }

        private sealed class Doubling : Step
        {
            public override Features Take(Features features) => new(features.Hidden * 2, features.Size);
        }
    }

    private sealed class Constructed() : UnusualModel("constructed")
    {
        public override Tensor forward(Tensor input)
        {
            var pair = new Pair(first.forward(input));
            return last.forward(pair.Gated);
        }

        private sealed class Pair
        {
            private readonly Tensor gate;
            private readonly Tensor kept;

            public Pair(Tensor x)
            {
                gate = x.sigmoid();
                kept = x.relu();
            }

            public Tensor Gated => kept * gate;
        }
    }

    private sealed class BaseConstructed() : UnusualModel("base")
    {
        public override Tensor forward(Tensor input)
        {
            var made = new Derived(first.forward(input));
            return last.forward(made.Twice.Value + made.Active);
        }

        private readonly struct Twice(Tensor x)
        {
            public readonly Tensor Value = x * 2;
        }

        private class Base(Tensor x)
        {
            public Tensor Active { get; } = x.relu();
        }

        private sealed class Derived(Tensor x) : Base(x)
        {
            public Twice Twice { get; } = new(x);
        }
    }
}
