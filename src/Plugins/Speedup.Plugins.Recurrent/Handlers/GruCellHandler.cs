using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Recurrent;

/// <summary>Handles <c>nn.GRUCell</c>.</summary>
internal sealed class GruCellHandler : RecurrentHandler<GRUCell>
{
    protected override RecurrentLayout LayoutOf(GRUCell module) => new(Gates: 3, ContentGate: 2, 1, 1, States: 1, IsCell: true);

    protected override nn.Module Create(GRUCell original, SmallParameters size, Device device, ScalarType type) =>
        nn.GRUCell(size.Features, size.Units, size.HasBias, device, type);
}
