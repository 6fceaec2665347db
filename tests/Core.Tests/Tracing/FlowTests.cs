using Speedup.Core.Models;
using Speedup.Core.Plugins;
using Speedup.Core.Tracing;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Tracing;

/// <summary>
/// A trace leaves nothing in the flow that it ran in: what stands there is copied at each change, so that a process that speeds up many models would
/// get slower and slower, and would never let go of it.
/// </summary>
public sealed class FlowTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Trace_ThatEndsOrFails_LeavesNothingInTheFlow(bool fails)
    {
        (ExecutionContext? Before, ExecutionContext? After, string Path) seen = default;
        using (ExecutionContext.SuppressFlow()) // a thread of its own begins with nothing
        {
            var thread = new Thread(() => seen = Run(fails));
            thread.Start();
            thread.Join();
        }

        Assert.NotNull(seen.Before);
        Assert.Same(seen.Before, seen.After);
        Assert.Equal(fails ? "inner" : "", seen.Path);
    }

    private static (ExecutionContext?, ExecutionContext?, string) Run(bool fails)
    {
        using var scope = NewDisposeScope();
        using var model = new Outer(fails);
        using var rewriter = new MethodRewriter();
        ExecutionContext? before = ExecutionContext.Capture();

        TraceResult traced = new Tracer(new HandlerRegistry([], []), rewriter).Trace(new ModelInventory(model), [randn(2, 3)]);

        return (before, ExecutionContext.Capture(), traced.FailedPath);
    }

    private sealed class Outer : nn.Module<Tensor, Tensor>
    {
        private readonly Inner inner;

        public Outer(bool fails)
            : base("outer")
        {
            inner = new Inner(fails);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => inner.forward(input);
    }

    private sealed class Inner(bool fails) : nn.Module<Tensor, Tensor>("inner")
    {
        public override Tensor forward(Tensor input) => fails ? throw new InvalidOperationException("on purpose") : input.relu();
    }
}
