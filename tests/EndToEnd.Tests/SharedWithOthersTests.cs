using System.Runtime.CompilerServices;
using Speedup.Core.Hosting;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Layers and tensors that another model holds, too.</summary>
public sealed class SharedWithOthersTests
{
    [Fact]
    public void Speedup_OfOneOfTwoModels_LeavesTheOtherAsItWas()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Conv2d shared = nn.Conv2d(3, 8, 3);
        Tensor scale = randn(8, 1, 1);
        using var one = new Scaled(shared, scale);
        using var other = new Scaled(shared, scale);
        Tensor input = randn(2, 3, 12, 12);
        Tensor before = other.forward(input);
        Snapshot state = Snapshot.Of(other);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(one, "first", 3, 4));

        ModelSpeedup.Run(one, [input], masks);

        Assert.Equal(6, one.state_dict()["first.weight"].shape[0]);
        Assert.Equal(state, Snapshot.Of(other));
        Assert.Equal(0, Numbers.RelativeError(before, other.forward(input)));
    }

    [Fact]
    public void Speedup_LeavesTheMemoryOfOldWeightsToTheCollector()
    {
        using Scaled model = SpeedUpALargeOne(out WeakReference[] old);

        for (int i = 0; i < 10 && old.Any(reference => reference.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.DoesNotContain(old, reference => reference.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Scaled SpeedUpALargeOne(out WeakReference[] old)
    {
        using var scope = NewDisposeScope();
        var model = new Scaled(nn.Conv2d(3, 8, 3), randn(8, 1, 1).DetachFromDisposeScope());
        old = [new WeakReference(model.first), new WeakReference(model.first.weight), new WeakReference(model.scale)];
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 3, 4));
        ModelSpeedup.Run(model, [randn(2, 3, 12, 12)], masks);
        return model;
    }

    private sealed class Scaled : nn.Module<Tensor, Tensor>
    {
        public readonly Conv2d first;
        public readonly Tensor scale;
        private readonly Conv2d last = nn.Conv2d(8, 4, 3);

        public Scaled(Conv2d first, Tensor scale)
            : base(nameof(Scaled))
        {
            this.first = first;
            this.scale = scale;
            RegisterComponents();
            eval();
        }

        public override Tensor forward(Tensor input) => last.forward(first.forward(input) * scale);
    }
}
