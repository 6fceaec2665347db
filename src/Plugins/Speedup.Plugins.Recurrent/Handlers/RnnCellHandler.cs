using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Recurrent;

/// <summary>Handles <c>nn.RNNCell</c>.</summary>
internal sealed class RnnCellHandler : RecurrentHandler<RNNCell>
{
    protected override RecurrentLayout LayoutOf(RNNCell module) => new(Gates: 1, ContentGate: 0, 1, 1, States: 1, IsCell: true);

    protected override IEnumerable<(string Name, object Value)> SettingsOf(RNNCell module) => [("nonLinearity", FunctionOf(module))];

    protected override nn.Module Create(RNNCell original, SmallParameters size, Device device, ScalarType type) =>
        New(size.Features, size.Units, size.HasBias, FunctionOf(original), device, type);

    private static nn.NonLinearities FunctionOf(RNNCell original) =>
        NonLinearity.Find(original, New, (module, input) => module.call(input, null!));

    private static RNNCell New(long features, long units, bool hasBias, nn.NonLinearities function, Device device, ScalarType type) =>
        nn.RNNCell(features, units, function, hasBias, device, type);
}
