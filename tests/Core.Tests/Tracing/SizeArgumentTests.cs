using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Tracing;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Tracing;

/// <summary>Calls tell which of their numbers come from sizes, also where they are the same at each size that is tried.</summary>
public sealed class SizeArgumentTests
{
    public static TheoryData<string> Names => [.. Cases.Keys];

    private static Dictionary<string, (Func<Holder, Tensor, Tensor> Code, string Function, string[] Expected)> Cases { get; } =
        new(StringComparer.Ordinal)
        {
            ["a number"] = ((_, x) => x + Math.Max(0, x.shape[2] - 12), "op_Addition", ["right"]),
            ["a literal"] = ((_, x) => x + 3, "op_Addition", []),
            ["an option"] = ((holder, x) => x * holder.Scale, "op_Multiply", []),
            ["a shape"] = ((_, x) => x.view(x.shape[0], -1), "view", ["shape"]),
            ["a fixed shape"] = ((_, x) => x.view(2, -1), "view", []),
            ["a shape as it is"] = ((_, x) => zeros(x.shape) + x, "zeros", ["size"]),
            ["a shape that a helper makes"] = ((_, x) => x.reshape(Flat(x)), "reshape", ["shape"]),
            ["one bound of several"] = ((_, x) => x.narrow(2, 0, x.shape[2] / 2), "narrow", ["length"]),
            ["a range of indices"] = ((_, x) => x[TensorIndex.Colon, TensorIndex.Slice(0, x.size(1) - 1)], "get_TensorItems", ["indices"]),
            ["a captured number"] = ((_, x) => Apply(x, x.shape[2]), "op_Multiply", ["right"]),
            ["a count in a loop"] = ((_, x) => Each(x), "select", []),
            ["the length of a parameter"] = ((holder, x) => x * holder.weight.shape[0], "op_Multiply", []),
            ["a field"] = ((holder, x) => x * holder.Remember(x), "op_Multiply", ["right"]),
            ["a rounded root"] = ((_, x) => x.view(x.shape[0], (long)Math.Sqrt(x.shape[2] * x.shape[3]), -1), "view", ["shape"]),
        };

    [Theory]
    [MemberData(nameof(Names))]
    public void Trace_TellsWhichNumbersComeFromSizes(string name)
    {
        using var scope = NewDisposeScope();
        (Func<Holder, Tensor, Tensor> code, string function, string[] expected) = Cases[name];
        using var model = new Holder(code);
        using var rewriter = new MethodRewriter();

        TraceResult traced = new Tracer(new TracerTests.NoHandlers(), rewriter).Trace(new ModelInventory(model), [randn(2, 3, 12, 12)]);

        Assert.Null(traced.Failure);
        GraphNode node = traced.Graph.Nodes.First(node => node.Method?.Name == function);
        Assert.Equal(expected, node.SizeArguments);
    }

    private static long[] Flat(Tensor x) => [x.shape[0], x.shape.Skip(1).Aggregate(1L, (a, b) => a * b)];

    private static Tensor Apply(Tensor x, long number)
    {
        Func<Tensor, Tensor> scale = y => y * number;
        return scale(x);
    }

    private static Tensor Each(Tensor x)
    {
        Tensor sum = x.mean([0]);
        for (int i = 0; i < x.shape[0]; i++)
            sum += x.select(0, i);
        return sum;
    }

    internal sealed class Holder : nn.Module<Tensor, Tensor>
    {
        private readonly Func<Holder, Tensor, Tensor> code;
        private long last;
        public readonly Parameter weight = new(ones(3));

        public Holder(Func<Holder, Tensor, Tensor> code)
            : base("holder")
        {
            this.code = code;
            RegisterComponents();
        }

        public double Scale { get; } = 2;

        public long Remember(Tensor x)
        {
            last = x.shape[2];
            return last;
        }

        public override Tensor forward(Tensor input) => code(this, input);
    }
}
