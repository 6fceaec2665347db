using Speedup.Core.Models;
using Speedup.Core.Propagation;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Propagation;

public sealed class SharedMemoryTests
{
    [Fact]
    public void MaskOf_AParameterThatTwoModulesHold_IsTheProductOfBothMasks()
    {
        using var model = new Tied();
        using Tensor first = tensor(
            new float[,]
            {
                { 0, 1 },
                { 1, 1 },
            }
        );
        using Tensor second = tensor(
            new float[,]
            {
                { 1, 1 },
                { 1, 0 },
            }
        );
        using var scope = NewDisposeScope();

        var memory = new SharedMemory(new ModelInventory(model), new MaskSet([new("a", "weight", first), new("b", "weight", second)]));

        Assert.Same(memory.Of(model.a.weight!), memory.Of(model.b.weight!));
        Assert.Equal([0, 1, 1, 0], memory.MaskOf(model.b.weight!)!.data<float>().ToArray());
        Assert.Same(memory.MaskOf(model.a.weight!), memory.MaskOf(model.b.weight!));
    }

    [Fact]
    public void MaskOf_AMaskOfOnes_IsNone()
    {
        using var model = new Tied();
        using Tensor mask = ones(2, 2);
        using var scope = NewDisposeScope();

        var memory = new SharedMemory(new ModelInventory(model), new MaskSet([new("a", "weight", mask)]));

        Assert.Null(memory.MaskOf(model.a.weight!));
        Assert.Null(memory.MaskOf(model.a.bias!));
    }

    private sealed class Tied : nn.Module
    {
        public readonly Linear a = nn.Linear(2, 2);
        public readonly Linear b = nn.Linear(2, 2);

        public Tied()
            : base("tied")
        {
            RegisterComponents();
            b.weight = a.weight;
        }
    }
}
