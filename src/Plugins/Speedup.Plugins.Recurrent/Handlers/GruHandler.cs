using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Recurrent;

/// <summary>Handles <c>nn.GRU</c>; gates in order: reset, update, content.</summary>
internal sealed class GruHandler : RecurrentHandler<GRU>
{
    protected override RecurrentLayout LayoutOf(GRU module) => Layered(module, gates: 3, content: 2, states: 1);

    protected override IEnumerable<(string Name, object Value)> SettingsOf(GRU module) => LayeredSettings(module);

    protected override nn.Module Create(GRU original, SmallParameters size, Device device, ScalarType type)
    {
        RecurrentLayout layout = LayoutOf(original);
        return nn.GRU(
            size.Features,
            size.Units,
            layout.Layers,
            size.HasBias,
            IsBatchFirst(original),
            bidirectional: layout.Directions == 2,
            device: device,
            dtype: type
        );
    }
}
