using System.Collections;
using System.Reflection;
using Speedup.Core.Models;
using Speedup.Core.Plugins;
using Speedup.Core.Tracing;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Tracing;

/// <summary>A pass without tracing that is cancelled between two calls of modules.</summary>
public sealed class PlainCancellationTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly MethodRewriter _rewriter = new();
    private readonly CancellationTokenSource _source = new();
    private readonly Chain _model = new();

    public void Dispose()
    {
        _model.Dispose();
        _source.Dispose();
        _rewriter.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 3)] // between the last call and the end
    public void RunPlain_CancelledAfterACall_EndsBeforeTheNext(int after, int reached)
    {
        _model.Between = call =>
        {
            if (call == after)
                _source.Cancel();
        };

        Assert.Throws<OperationCanceledException>(() => Run());

        Assert.Equal(reached, _model.Reached);
        Assert.All(_model.modules(), module => Assert.Equal(0, HooksOf(module)));
    }

    [Fact]
    public void RunPlain_ThatNobodyCancels_GivesTheOutputsAndLeavesNoHook()
    {
        TraceResult result = Run();

        Assert.Null(result.Failure);
        Assert.Equal([2, 4], Assert.Single(result.Outputs).shape);
        Assert.All(_model.modules(), module => Assert.Equal(0, HooksOf(module)));
    }

    private TraceResult Run() =>
        new Tracer(new HandlerRegistry([], []), _rewriter, cancellation: _source.Token).RunPlain(new ModelInventory(_model), [randn(2, 4)]);

    private static int HooksOf(nn.Module module)
    {
        int count = 0;
        for (Type? type = module.GetType(); type is not null; type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                count += field.Name.EndsWith("hooks", StringComparison.Ordinal) ? ((ICollection)field.GetValue(module)!).Count : 0;
        }
        return count;
    }

    private sealed class Chain : nn.Module<Tensor, Tensor>
    {
        private readonly Linear[] layers = [nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4)];

        public Chain()
            : base(nameof(Chain))
        {
            foreach ((int number, Linear layer) in layers.Index())
                register_module($"layer{number}", layer);
        }

        public Action<int> Between { get; set; } = _ => { };

        /// <summary>Calls that were begun.</summary>
        public int Reached { get; private set; }

        public override Tensor forward(Tensor input)
        {
            for (int call = 0; call < layers.Length; call++)
            {
                Reached++;
                Between(call);
                input = layers[call].call(input);
            }
            Between(layers.Length);
            return input;
        }
    }
}
