using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Networks that choose.</summary>
internal static class ConditionNetworks
{
    /// <summary>A model that hands its features to a function.</summary>
    internal sealed class Chooser(Func<Chooser, Tensor, Tensor> choose) : UnusualModel("chooser")
    {
        public bool UseBias { get; set; } = true;

        public nn.Module? Extra { get; set; }

        public List<double> Scales { get; } = [0.5, 2, 1.5];

        public List<Func<Tensor, Tensor>> Bends { get; } = [x => x, x => x.tanh()];

        public Dictionary<long, double> ByHeight { get; } = new() { [50] = 2 };

        public long Width => last.weight.shape[0];

        public (long Height, long Width) Options { get; } = (4, 4);

        public override Tensor forward(Tensor input) => last.forward(choose(this, first.forward(input)));
    }

    internal sealed class WithProperty() : UnusualModel("property")
    {
        private long height;

        private bool IsTall => height > 20;

        public override Tensor forward(Tensor input)
        {
            height = input.shape[2];
            Tensor x = first.forward(input);
            return last.forward(IsTall ? x.tanh() : x);
        }
    }

    internal sealed class Child() : nn.Module<Tensor, Tensor>("child")
    {
        public long Height { get; private set; }

        public override Tensor forward(Tensor input)
        {
            Height = input.shape[2];
            return input.relu();
        }
    }

    /// <summary>What the child does is met after the code that reads its field.</summary>
    internal sealed class WithChild() : UnusualModel("child")
    {
        private readonly nn.Module<Tensor, Tensor> child = new Child();

        public override Tensor forward(Tensor input)
        {
            Tensor x = child.forward(first.forward(input));
            return last.forward(((Child)child).Height > 20 ? x.tanh() : x);
        }
    }

    internal sealed class WithFunctions(Func<WithFunctions, Func<Tensor, long>> choose) : UnusualModel("functions")
    {
        public Func<Tensor, long> Measure { get; } = x => x.shape[2];

        public Func<long, bool> IsTall { get; } = size => size > 20;

        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input);
            return last.forward(choose(this)(x) > 20 ? x.tanh() : x);
        }
    }

    internal sealed class WithLayers() : UnusualModel("layers")
    {
        private readonly nn.Module<Tensor, Tensor>[] bends = [nn.ReLU(), nn.Tanh(), nn.Sigmoid()];

        public override Tensor forward(Tensor input) => last.forward(bends[input.shape[0] % 3].forward(first.forward(input)));
    }

    internal abstract class WithSteps() : UnusualModel("steps")
    {
        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input);
            return last.forward(StepsFor(x) > 20 ? x.tanh() : x);
        }

        protected abstract long StepsFor(Tensor x);
    }

    internal sealed class WithVirtual : WithSteps
    {
        protected override long StepsFor(Tensor x) => x.shape[2];
    }

    internal sealed class Counter() : UnusualModel("counter")
    {
        private int calls;

        public override Tensor forward(Tensor input)
        {
            calls++;
            Tensor x = first.forward(input);
            return last.forward(calls > 1000 ? x.tanh() : x);
        }
    }

    internal sealed class Caching() : UnusualModel("caching")
    {
        private Tensor? scale;

        public override Tensor forward(Tensor input)
        {
            scale ??= full(1, 0.5f);
            return last.forward(first.forward(input) * scale);
        }
    }

    internal sealed class Remembering() : UnusualModel("remembering")
    {
        private readonly List<int> seen = [];

        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input);
            if (seen.Count > 1000)
                x = x.tanh();
            seen.Add(1);
            return last.forward(x);
        }
    }
}
