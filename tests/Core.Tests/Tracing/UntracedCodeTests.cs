using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Plugins;
using Speedup.Core.Tracing;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Tracing;

/// <summary>A graph tells whether code ran that was not traced.</summary>
public sealed class UntracedCodeTests
{
    public static TheoryData<string, bool> Codes =>
        new()
        {
            { "function", false },
            { "lambda", false },
            { "reflection", true },
            { "task", false },
            { "thread", false },
            { "parallel", true },
            { "async", true },
        };

    [Theory]
    [MemberData(nameof(Codes))]
    public void Trace_TellsWhetherCodeRanUntraced(string code, bool isUntraced)
    {
        using var scope = NewDisposeScope();
        using var model = new Stepped(code);
        using var rewriter = new MethodRewriter();
        var tracer = new Tracer(new HandlerRegistry([], []), rewriter);

        ModelGraph graph = tracer.Trace(new ModelInventory(model), [randn(2, 4)]).Graph;

        Assert.Equal(isUntraced, graph.HasUntracedCode);
    }

    [Fact]
    public void Trace_LeavesDelegatesThatRunAfterwardsUsable()
    {
        using var scope = NewDisposeScope();
        using var model = new Keeping();
        using var rewriter = new MethodRewriter();
        new Tracer(new HandlerRegistry([], []), rewriter).Trace(new ModelInventory(model), [randn(2, 4)]);

        Tensor after = model.Kept!(ones(2, 4));

        Assert.Equal(4, after.sum().item<float>() / 4);
    }

    private sealed class Stepped : nn.Module<Tensor, Tensor>
    {
        private readonly string code;

        public Stepped(string code)
            : base(nameof(Stepped)) => this.code = code;

        public override Tensor forward(Tensor x) =>
            code switch
            {
                "lambda" => new Func<Tensor>(() => x.relu())(),
                "reflection" => (Tensor)typeof(Tensor).GetMethod("relu", Type.EmptyTypes)!.Invoke(x, null)! + 1,
                "task" => Task.Run(() => x.relu()).Result + 1,
                "thread" => InThread(() => x.relu()) + 1,
                "parallel" => new[] { x }.AsParallel().Select(y => y.relu()).ToArray()[0] + 1,
                "async" => Later(x).Result + 1,
                _ => x.relu(),
            };

        private static Tensor InThread(Func<Tensor> function)
        {
            Tensor result = null!;
            var thread = new Thread(() => result = function());
            thread.Start();
            thread.Join();
            return result;
        }

        private static async Task<Tensor> Later(Tensor x)
        {
            await Task.Yield();
            return x.relu();
        }
    }

    private sealed class Keeping() : nn.Module<Tensor, Tensor>("keeping")
    {
        public Func<Tensor, Tensor>? Kept { get; private set; }

        public override Tensor forward(Tensor x)
        {
            Kept = y => y.relu() * 2;
            return Kept(x);
        }
    }
}
