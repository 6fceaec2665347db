using FSharpModels;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Methods of one's own that are named as TorchSharp's are, and operators that call a module.</summary>
public sealed class OwnMethodTests
{
    public static TheoryData<string> Names => [.. Models.Keys];

    private static Dictionary<string, Func<nn.Module<Tensor, Tensor>>> Models { get; } =
        new(StringComparer.Ordinal)
        {
            ["call of a module without forward"] = () => new OwnCall(),
            ["forward of a module without TorchSharp's"] = () => new OwnForward(),
            ["virtual call"] = () => new VirtualCall(),
            ["call with another signature beside forward"] = () => new Overload(),
            ["call that hides TorchSharp's"] = () => new Hidden(),
            ["two forwards that take the same arguments"] = () => new Ambiguous(),
            ["call on a layer of TorchSharp's"] = () => new DerivedLayer(),
            ["arrow"] = () => new Arrow(),
            ["arrow in F#"] = () => new Models.Arrows(),
            ["call in F#"] = () => new Models.OwnCall(),
            ["wrapped scope"] = () => new WrappedScope(),
            ["type with a function"] = () => new Converted(),
        };

    [Theory]
    [MemberData(nameof(Names))]
    public void Speedup_IsExactInPlainPasses(string name) => UnusualModel.AssertExact(Models[name]);

    private sealed class OwnCall() : UnusualModel("own call")
    {
        private readonly Part part = new();

        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input);
            return last.forward(part.call(x, x.sigmoid()));
        }

        private sealed class Part : nn.Module
        {
            private readonly Tanh bend = nn.Tanh();

            public Part()
                : base("part") => RegisterComponents();

            public Tensor call(Tensor x, Tensor y) => bend.call(nn.functional.relu(x)) * y;
        }
    }

    private sealed class OwnForward() : UnusualModel("own forward")
    {
        private readonly Part part = new();

        public override Tensor forward(Tensor input) => last.forward(part.forward(first.forward(input), 3));

        private sealed class Part : nn.Module
        {
            private readonly Tanh bend = nn.Tanh();

            public Part()
                : base("part") => RegisterComponents();

            public Tensor forward(Tensor x, int times) => bend.call(x * times);
        }
    }

    private sealed class VirtualCall() : UnusualModel("virtual call")
    {
        private readonly Part part = new Derived();

        public override Tensor forward(Tensor input) => last.forward(part.call(first.forward(input)));

        private abstract class Part() : nn.Module("part")
        {
            public abstract Tensor call(Tensor x);
        }

        private sealed class Derived : Part
        {
            public override Tensor call(Tensor x) => x.relu() * 2;
        }
    }

    private sealed class Overload() : UnusualModel("overload")
    {
        private readonly Part part = new();

        public override Tensor forward(Tensor input) => last.forward(part.call(first.forward(input), 1));

        private sealed class Part() : nn.Module<Tensor, Tensor>("part")
        {
            public override Tensor forward(Tensor x) => x * 2;

            public Tensor call(Tensor x, int more) => call(x).relu() + more;
        }
    }

    private sealed class Hidden() : UnusualModel("hidden")
    {
        private readonly Part part = new();

        public override Tensor forward(Tensor input) => last.forward(part.call(first.forward(input)));

        private sealed class Part() : nn.Module<Tensor, Tensor>("part")
        {
            public override Tensor forward(Tensor x) => x * 2;

            public new Tensor call(Tensor x) => base.call(x).relu() - 1;
        }
    }

    private sealed class Ambiguous() : UnusualModel("ambiguous")
    {
        private readonly Part part = new();

        public override Tensor forward(Tensor input) => last.forward(part.call(first.forward(input)));

        private sealed class Part() : nn.Module<Tensor, Tensor>("part")
        {
            public Tensor forward(object x) => ((Tensor)x).relu();

            public override Tensor forward(Tensor x) => x.sigmoid() * 3;
        }
    }

    private sealed class DerivedLayer() : UnusualModel("derived layer")
    {
        private readonly Part part = new();

        public override Tensor forward(Tensor input) => last.forward(part.call(first.forward(input), 2));

        private sealed class Part() : Identity("part")
        {
            public Tensor call(Tensor x, int times) => call(x).relu() * times;
        }

        private class Identity(string name) : nn.Module<Tensor, Tensor>(name)
        {
            public override Tensor forward(Tensor x) => x;
        }
    }

    private sealed class Arrow() : UnusualModel("arrow")
    {
        private readonly ReLU bend = nn.ReLU();

        public override Tensor forward(Tensor input) =>
            Tensor.op_MinusMinusGreater(Tensor.op_MinusMinusGreater(Tensor.op_MinusMinusGreater(input, first), bend), last);
    }

    private sealed class WrappedScope() : UnusualModel("wrapped scope")
    {
        public override Tensor forward(Tensor input)
        {
            Tensor x = WrappedTensorDisposeScope(() => first.forward(input).relu() * 2);
            return WrappedTensorDisposeScope(() => last.forward(x));
        }
    }

    private sealed class Converted() : UnusualModel("converted")
    {
        public override Tensor forward(Tensor input) => last.forward(first.forward(input).type(x => x.relu() + 1));
    }
}
