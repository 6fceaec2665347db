using Speedup.Abstractions;
using Speedup.Core.Pipeline;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Variables of the caller's that still hold a layer that a smaller one took the place of.</summary>
public sealed class HeldReferenceTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Net _model = UnusualModel.Draw(new Net());

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void CallOfAReplacedLayer_ThrowsWithThePathOfTheNewOne()
    {
        Conv2d held = _model.layers.first;
        Tensor input = randn(2, 3, 9, 9);

        Speed(new SpeedupOptions());

        var error = Assert.Throws<SpeedupException>(() => held.call(input));
        Assert.Equal(("SPD4004", "layers.first"), (error.Code, error.ModulePath));
        Assert.Contains("'layers.first' of the Net", error.Message, StringComparison.Ordinal);
        Assert.NotSame(held, _model.layers.first);
        Assert.Equal(5, _model.layers.first.call(input).shape[1]);
    }

    [Fact]
    public void CallOfALayerThatStayed_Works()
    {
        Linear head = _model.head;

        Speed(new SpeedupOptions());

        Assert.Same(head, _model.head);
        Assert.Equal(2, head.call(randn(3, 4)).shape[1]);
    }

    [Fact]
    public void CallOfAReplacedLayer_WorksWhereTheCallerWantsIt()
    {
        Conv2d held = _model.layers.first;
        Tensor input = randn(2, 3, 9, 9);
        Tensor before = held.call(input);

        Speed(new SpeedupOptions { KeepReplacedUsable = true });

        Assert.Equal(0, Numbers.RelativeError(before, held.call(input)));
    }

    [Fact]
    public void CallOfALayer_AfterASpeedupThatFailed_Works()
    {
        Conv2d held = _model.layers.first;

        Assert.Throws<SpeedupException>(() => Speed(new SpeedupOptions { Tolerance = -1 }));

        Assert.Same(held, _model.layers.first);
        Assert.Equal(8, held.call(randn(2, 3, 9, 9)).shape[1]);
    }

    private void Speed(SpeedupOptions options)
    {
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(_model, "layers.first", 1, 2, 6));
        Engine.Shared.Speedup(_model, [randn(2, 3, 9, 9)], masks, options);
    }

    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        public readonly Layers layers = new();
        public readonly Linear head = nn.Linear(4, 2);

        public Net()
            : base(nameof(Net)) => RegisterComponents();

        public override Tensor forward(Tensor input) => head.call(layers.call(input).mean([2, 3]));
    }

    private sealed class Layers : nn.Module<Tensor, Tensor>
    {
        public readonly Conv2d first = nn.Conv2d(3, 8, 3);
        public readonly Conv2d last = nn.Conv2d(8, 4, 1);

        public Layers()
            : base(nameof(Layers)) => RegisterComponents();

        public override Tensor forward(Tensor input) => last.call(nn.functional.relu(first.call(input)));
    }
}
