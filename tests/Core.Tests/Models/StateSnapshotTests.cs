using Speedup.Core.Models;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Models;

public sealed class StateSnapshotTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TensorStore _store = new();
    private readonly Holder _model = new();

    public void Dispose()
    {
        _model.Dispose();
        _store.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Run_OfAPassThatWritesNothing_NotesNoChange()
    {
        using StateSnapshot snapshot = Take();

        snapshot.Run(() => _model.forward(ones(1, 4)));

        Assert.False(snapshot.Changes.Any, string.Join(", ", snapshot.Changes.Places));
    }

    [Fact]
    public void Run_OfAPassThatDisposesTensors_GivesTheVeryObjectsBack()
    {
        Tensor buffer = _model.Buffer;
        Tensor cached = _model.Cache[0];
        byte[] elements = [.. buffer.bytes.ToArray(), .. cached.bytes.ToArray()];
        using StateSnapshot snapshot = Take();

        for (int pass = 0; pass < 2; pass++)
            snapshot.Run(() =>
            {
                _model.Buffer.Dispose();
                _model.Buffer = zeros(2);
                _model.Cache[0].Dispose();
                _model.Cache.Clear();
                return 0;
            });

        Assert.Same(buffer, _model.Buffer);
        Assert.Same(cached, Assert.Single(_model.Cache));
        Assert.Equal(elements, (byte[])[.. buffer.bytes.ToArray(), .. cached.bytes.ToArray()]);
        Assert.Equal(elements[..buffer.bytes.Length], _model.state_dict()["Buffer"].bytes.ToArray());
        Assert.True(snapshot.Changes.Tensors.Contains(buffer) && snapshot.Changes.Tensors.Contains(cached));
    }

    /// <summary>A revived tensor that named a scope which is gone would end the process in its finalizer.</summary>
    [Fact]
    public void Run_OfAPassThatDisposesTensors_LeavesThemInTheirScope()
    {
        Tensor inScope;
        using (var scope = NewDisposeScope())
        {
            inScope = ones(3);
            _model.Cache.Add(inScope);
            using (StateSnapshot snapshot = Take())
                snapshot.Run(() =>
                {
                    inScope.Dispose();
                    return 0;
                });
            Assert.Equal(3, inScope.sum().ToSingle());
            Assert.True(scope.Contains(inScope));
        }
        Assert.True(inScope.IsInvalid);
        _model.Cache.RemoveAt(1);
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Fact]
    public void Run_OfAPassThatWritesNumbersAndQueues_PutsThemBackAndNamesThem()
    {
        using StateSnapshot snapshot = Take();

        snapshot.Run(() =>
        {
            _model.Count++;
            _model.Table[1, 1] = 5;
            _model.Waiting.Dequeue();
            _model.Waiting.Enqueue(8);
            _model.Waiting.Enqueue(9);
            _model.Pair = (2, _model.Pair.Text);
            return 0;
        });

        Assert.Equal(0, _model.Count);
        Assert.Equal(0, _model.Table[1, 1]);
        Assert.Equal([1, 2, 3], _model.Waiting);
        Assert.Equal((1, "one"), _model.Pair);
        Assert.Contains(snapshot.Changes.Places, place => place.EndsWith("Count", StringComparison.Ordinal));
        Assert.Contains(snapshot.Changes.Places, place => place.EndsWith("Pair", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_OfAPassThatWritesThroughAView_NotesTheTensor()
    {
        using StateSnapshot snapshot = Take();
        byte[] weight = _model.Layer.weight.bytes.ToArray();

        snapshot.Run(() => _model.Layer.weight.detach().view(-1).narrow(0, 3, 2).mul_(2));

        Assert.Equal(weight, _model.Layer.weight.bytes.ToArray());
        Assert.Contains("Layer.weight", snapshot.Changes.Places);
    }

    private StateSnapshot Take() => new(new ModelInventory(_model), _store);

    private sealed class Holder : nn.Module<Tensor, Tensor>
    {
        public readonly Linear Layer = nn.Linear(4, 4);
        public readonly List<Tensor> Cache = [arange(3).DetachFromDisposeScope()];
        public readonly int[,] Table = new int[2, 2];
        public readonly Queue<int> Waiting = new([1, 2, 3]);
        public Tensor Buffer = arange(5, dtype: ScalarType.Float32);
        public int Count;
        public (int Number, string Text) Pair = (1, "one");

        public Holder()
            : base(nameof(Holder)) => RegisterComponents();

        public override Tensor forward(Tensor input) => Layer.forward(input);
    }
}
