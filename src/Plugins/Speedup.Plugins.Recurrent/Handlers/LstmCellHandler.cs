using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Recurrent;

/// <summary>Handles <c>nn.LSTMCell</c>.</summary>
internal sealed class LstmCellHandler : RecurrentHandler<LSTMCell>
{
    protected override RecurrentLayout LayoutOf(LSTMCell module) => new(Gates: 4, ContentGate: 2, 1, 1, States: 2, IsCell: true);

    protected override nn.Module Create(LSTMCell original, SmallParameters size, Device device, ScalarType type) =>
        nn.LSTMCell(size.Features, size.Units, size.HasBias, device, type);
}
