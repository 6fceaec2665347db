using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SmallModels.Tests.Contract;

/// <summary>A gate between two convolutions, in a field that can hold another class.</summary>
internal sealed class GateNet : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d first = nn.Conv2d(3, 8, 3);
    private readonly nn.Module<Tensor, Tensor> gate;
    private readonly Conv2d second = nn.Conv2d(8, 4, 3);

    public GateNet(Gate.Settings? settings = null)
        : base(nameof(GateNet))
    {
        gate = new Gate(arange(1, 9, dtype: ScalarType.Float32), settings);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => second.call(gate.call(first.call(input)));
}
