using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Recurrent;

/// <summary>Handles <c>nn.RNN</c>, with tanh or ReLU: both are zero at zero.</summary>
internal sealed class RnnHandler : RecurrentHandler<RNN>
{
    protected override RecurrentLayout LayoutOf(RNN module) => Layered(module, gates: 1, content: 0, states: 1);

    protected override IEnumerable<(string Name, object Value)> SettingsOf(RNN module) =>
        [.. LayeredSettings(module), ("nonLinearity", FunctionOf(module))];

    protected override nn.Module Create(RNN original, SmallParameters size, Device device, ScalarType type) =>
        Creator(original)(size.Features, size.Units, size.HasBias, FunctionOf(original), device, type);

    private nn.NonLinearities FunctionOf(RNN original) =>
        NonLinearity.Find(original, Creator(original), (module, input) => module.call(input.unsqueeze(0)).Item1);

    private Func<long, long, bool, nn.NonLinearities, Device, ScalarType, RNN> Creator(RNN original)
    {
        RecurrentLayout layout = LayoutOf(original);
        bool isBatchFirst = IsBatchFirst(original);
        return (features, units, hasBias, function, device, type) =>
            nn.RNN(
                features,
                units,
                layout.Layers,
                function,
                hasBias,
                isBatchFirst,
                bidirectional: layout.Directions == 2,
                device: device,
                dtype: type
            );
    }
}
