using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Recurrent;

/// <summary>Handles <c>nn.LSTM</c>; gates in order: input, forget, content, output.</summary>
internal sealed class LstmHandler : RecurrentHandler<LSTM>
{
    protected override RecurrentLayout LayoutOf(LSTM module) => Layered(module, gates: 4, content: 2, states: 2);

    protected override IEnumerable<(string Name, object Value)> SettingsOf(LSTM module) => LayeredSettings(module);

    protected override nn.Module Create(LSTM original, SmallParameters size, Device device, ScalarType type)
    {
        RecurrentLayout layout = LayoutOf(original);
        return nn.LSTM(
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
