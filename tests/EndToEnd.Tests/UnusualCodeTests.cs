using Speedup.Core.Hosting;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Ways to write a <c>forward</c> that people use and that a tracer may get wrong; compared by plain passes.</summary>
public sealed class UnusualCodeTests
{
    private delegate void Change(ref Tensor x);

    private interface IWidth
    {
        void Read(Tensor x, out long channels);
    }

    private interface ISum
    {
        void Add(Tensor x);
    }

    public static TheoryData<string> Names => [.. Models.Keys];

    private static Dictionary<string, Func<UnusualModel>> Models { get; } =
        new(StringComparer.Ordinal)
        {
            ["virtual method with a reference"] = () => new VirtualReference(),
            ["interface method with an out number"] = () => new OutNumber(),
            ["delegate with a reference"] = () => new ReferenceDelegate(),
            ["structure behind a generic constraint"] = () => new ConstrainedStructure(),
            ["base.forward of Sequential"] = () => new Scaled(),
            ["random numbers"] = () => new Noisy(),
            ["new axis behind the last"] = () => new Squeezed(),
        };

    [Theory]
    [MemberData(nameof(Names))]
    public void Speedup_IsExactInPlainPasses(string name) => UnusualModel.AssertExact(Models[name]);

    [Fact]
    public void Speedup_OfAModelThatReturnsAStructure_KeepsItsOutputs() => AssertKeeps(new Detector<Boxes>((a, b) => new Boxes(a, b)));

    [Fact]
    public void Speedup_OfAModelThatReturnsAnObject_KeepsItsOutputs() =>
        AssertKeeps(new Detector<Detections>((a, b) => new Detections(a, [b])));

    [Theory]
    [InlineData("b")]
    [InlineData("a")]
    public void Speedup_WithAMaskByTheSecondNameOfAModule_UsesIt(string name)
    {
        using var scope = NewDisposeScope();
        using var model = new TwoNames();
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, name, 0, 3));

        ModelSpeedup.Run(model, [randn(2, 3, 6, 6)], masks);

        Assert.Equal([6, 6], [model.state_dict()["a.weight"].shape[0], model.state_dict()["b.weight"].shape[0]]);
    }

    [Fact]
    public void Speedup_OfAModelWithAnOptionalInput_LeavesItOut() => AssertShrinks(new Optional(), randn(2, 3, 6, 6));

    [Fact]
    public void Speedup_OfAModelThatTakesAList_HandsOneOver() => AssertShrinks(new Listed(), randn(2, 3, 6, 6), randn(2, 3, 6, 6));

    [Fact]
    public void Speedup_OfAModelThatIndexesWithATensor_KeepsWhatTheIndicesDependOn()
    {
        using var scope = NewDisposeScope();
        using Twin<Sorted> twin = Twin<Sorted>.Speed(() => new Sorted(), randn(5, 3, 6, 6), ("first", [1, 2, 6]));

        twin.AssertEqual(randn(7, 3, 6, 6));
    }

    private static void AssertShrinks(nn.Module model, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        using (model)
        {
            UnusualModel.Draw(model);
            using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 1, 2, 6));

            ModelSpeedup.Run(model, inputs, masks);

            Assert.Equal(5, model.state_dict()["first.weight"].shape[0]);
        }
    }

    private static void AssertKeeps<T>(Detector<T> model)
        where T : notnull
    {
        using var scope = NewDisposeScope();
        using (model)
        {
            UnusualModel.Draw(model);
            using MaskSet masks = MaskFactory.Set(
                MaskFactory.Rows(model, "first", 1, 2, 6),
                MaskFactory.Rows(model, "box", 0),
                MaskFactory.Rows(model, "score", 1)
            );

            ModelSpeedup.Run(model, [randn(2, 3, 6, 6)], masks);

            Dictionary<string, Tensor> state = model.state_dict();
            Assert.Equal([5, 4, 2], new[] { "first", "box", "score" }.Select(name => state[$"{name}.weight"].shape[0]));
            Assert.Equal(5, state["box.weight"].shape[1]);
        }
    }

    private abstract class WithHook() : UnusualModel("hook")
    {
        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input);
            Post(ref x);
            return last.forward(x);
        }

        protected virtual void Post(ref Tensor x) { }
    }

    private sealed class VirtualReference : WithHook
    {
        protected override void Post(ref Tensor x) => x = x.relu() * 2;
    }

    private sealed class OutNumber() : UnusualModel("out"), IWidth
    {
        public void Read(Tensor x, out long channels) => channels = x.shape[0];

        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input).relu();
            ((IWidth)this).Read(x, out long batch);
            return last.forward(batch > 0 ? x * 3 : x);
        }
    }

    private sealed class ReferenceDelegate() : UnusualModel("delegate")
    {
        private readonly Change change = (ref Tensor x) => x = x.relu() * 2;

        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input);
            change(ref x);
            return last.forward(x);
        }
    }

    private struct Sum : ISum
    {
        public Tensor? Total;

        public void Add(Tensor x) => Total = Total is null ? x : Total + x;
    }

    private sealed class ConstrainedStructure() : UnusualModel("structure")
    {
        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input);
            var sum = default(Sum);
            Feed(ref sum, x.relu());
            Feed(ref sum, x.sigmoid() * 0.5);
            return last.forward(sum.Total!);
        }

        private static void Feed<T>(ref T sum, Tensor x)
            where T : ISum => sum.Add(x);
    }

    private sealed class Scaled() : UnusualModel("scaled")
    {
        private readonly Doubled tail = new();

        public override Tensor forward(Tensor input) => last.forward(tail.forward(first.forward(input)));

        private sealed class Doubled() : Sequential(("act", nn.ReLU()), ("pool", nn.AvgPool2d(2)))
        {
            public override Tensor forward(Tensor input) => base.forward(input) * 2;
        }
    }

    private sealed class Noisy() : UnusualModel("noisy")
    {
        public override Tensor forward(Tensor input)
        {
            Tensor y = last.forward(first.forward(input).relu());
            return y + randn(y.shape);
        }
    }

    private sealed class Sorted() : UnusualModel("sorted")
    {
        public override Tensor forward(Tensor input)
        {
            Tensor order = first.forward(input).amin([1, 2, 3]).argsort(0);
            return input.mean([1, 2, 3])[TensorIndex.Tensor(order)];
        }
    }

    private sealed class Squeezed() : UnusualModel("squeezed")
    {
        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input);
            Tensor gate = x.mean([2, 3]).sigmoid().unsqueeze(2).unsqueeze(3);
            return last.forward(x.relu() * gate);
        }
    }

    private readonly record struct Boxes(Tensor Box, Tensor Score);

    private sealed record Detections(Tensor Box, List<Tensor> Scores);

    private sealed class Detector<T> : nn.Module<Tensor, T>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 3);
        private readonly Conv2d box = nn.Conv2d(8, 4, 1);
        private readonly Conv2d score = nn.Conv2d(8, 2, 1);
        private readonly Func<Tensor, Tensor, T> make;

        public Detector(Func<Tensor, Tensor, T> make)
            : base("detector")
        {
            this.make = make;
            RegisterComponents();
        }

        public override T forward(Tensor input)
        {
            Tensor x = first.forward(input).relu();
            return make(box.forward(x), score.forward(x));
        }
    }

    private sealed class Optional : nn.Module<Tensor, Tensor?, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 3);
        private readonly Conv2d head = nn.Conv2d(8, 2, 1);

        public Optional()
            : base("optional") => RegisterComponents();

        public override Tensor forward(Tensor input, Tensor? gate = null)
        {
            Tensor x = first.forward(input).relu();
            return head.forward(gate is null ? x : x * gate);
        }
    }

    private sealed class Listed : nn.Module<List<Tensor>, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 3);
        private readonly Conv2d head = nn.Conv2d(8, 2, 1);

        public Listed()
            : base("listed") => RegisterComponents();

        public override Tensor forward(List<Tensor> inputs) => head.forward(first.forward(inputs[0] + inputs[1]).relu());
    }

    private sealed class TwoNames : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d a = nn.Conv2d(3, 8, 3);
        private readonly Conv2d head = nn.Conv2d(8, 2, 1);

        public TwoNames()
            : base("names")
        {
            register_module("b", a);
            RegisterComponents();
            UnusualModel.Draw(this);
        }

        public override Tensor forward(Tensor input) => head.forward(a.forward(input).relu());
    }
}
