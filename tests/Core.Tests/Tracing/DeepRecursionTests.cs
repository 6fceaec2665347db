using System.Reflection;
using Speedup.Abstractions;
using Speedup.Core.Models;
using Speedup.Core.Plugins;
using Speedup.Core.Tracing;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Tracing;

/// <summary>Calls within calls take more of the stack in a trace: it runs, or is refused, but never ends the process.</summary>
public sealed class DeepRecursionTests
{
    public static TheoryData<string> Kinds => [.. Models.Keys];

    private static readonly Dictionary<string, Func<int, nn.Module<Tensor, Tensor>>> Models = new(StringComparer.Ordinal)
    {
        ["helper"] = depth => new Recursive(x => Recursive.Deep(x, depth)),
        ["virtual method"] = depth => new Recursive(x => ((StepBase)new Step()).Deep(x, depth)),
        ["interface"] = depth => new Recursive(x => ((IStep)new Step()).Deep(x, depth)),
        ["function"] = depth => new Recursive(x => Recursive.DeepByFunction(x, depth)),
        ["modules"] = Nested,
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Trace_OfTwoThousandCallsWithinCalls_GivesTheOutputsOfThePlainPass(string kind)
    {
        (double difference, Exception? failure) = TraceOn(16 << 20, kind, 2000);

        Assert.Null(failure);
        Assert.Equal(0, difference);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Trace_OfMoreThanTheStackTakes_IsRefusedOrRuns(string kind)
    {
        (double difference, Exception? failure) = TraceOn(1 << 20, kind, 1500);

        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {failure?.Message}");
        if (failure is null)
            Assert.Equal(0, difference);
        else
            Assert.Equal("SPD2010", Assert.IsType<SpeedupException>(failure).Code);
    }

    /// <summary>The plain pass comes first: what it does not survive is none of the tracer's.</summary>
    private static (double Difference, Exception? Failure) TraceOn(int stack, string kind, int depth)
    {
        (double, Exception?) result = default;
        var thread = new Thread(
            () =>
            {
                using var scope = NewDisposeScope();
                using var frozen = no_grad();
                nn.Module<Tensor, Tensor> model = Models[kind](depth);
                Tensor input = randn(2, 3);
                Tensor plain = model.forward(input);
                using var rewriter = new MethodRewriter();
                TraceResult traced = new Tracer(new NoHandlers(), rewriter).Trace(new ModelInventory(model), [input]);
                result = (traced.Failure is null ? (traced.Outputs[0] - plain).abs().max().item<float>() : double.NaN, traced.Failure);
            },
            stack
        );
        thread.Start();
        thread.Join();
        return result;
    }

    private static nn.Module<Tensor, Tensor> Nested(int depth)
    {
        nn.Module<Tensor, Tensor> inner = nn.ReLU();
        for (int i = 0; i < depth / 10; i++)
            inner = new Around(inner);
        return inner;
    }

    private interface IStep
    {
        Tensor Deep(Tensor x, int n);
    }

    private abstract class StepBase
    {
        public abstract Tensor Deep(Tensor x, int n);
    }

    private sealed class Step : StepBase, IStep
    {
        public override Tensor Deep(Tensor x, int n) => n == 0 ? x : ((StepBase)this).Deep(x + 0.001, n - 1);

        Tensor IStep.Deep(Tensor x, int n) => n == 0 ? x : ((IStep)this).Deep(x + 0.001, n - 1);
    }

    private sealed class Recursive : nn.Module<Tensor, Tensor>
    {
        private readonly Linear first = nn.Linear(3, 3);
        private readonly Func<Tensor, Tensor> deep;

        public Recursive(Func<Tensor, Tensor> deep)
            : base(nameof(Recursive))
        {
            this.deep = deep;
            RegisterComponents();
        }

        public static Tensor Deep(Tensor x, int n) => n == 0 ? x : Deep(x + 0.001, n - 1);

        public static Tensor DeepByFunction(Tensor x, int n)
        {
            Func<Tensor, int, Tensor> step = (_, _) => x;
            step = (y, left) => left == 0 ? y : step(y + 0.001, left - 1);
            return step(x, n);
        }

        public override Tensor forward(Tensor input) => deep(first.forward(input));
    }

    private sealed class Around : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> inner;

        public Around(nn.Module<Tensor, Tensor> inner)
            : base(nameof(Around))
        {
            this.inner = inner;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => inner.forward(input + 0.5);
    }

    private sealed class NoHandlers : IHandlerSource
    {
        public string? FindNamesake(Type moduleType) => null;

        public IModuleHandler? FindModuleHandler(Type moduleType) => null;

        public IFunctionHandler? FindFunctionHandler(MethodInfo method) => null;
    }
}
