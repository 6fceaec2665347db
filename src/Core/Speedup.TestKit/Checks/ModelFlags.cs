using static TorchSharp.torch;

namespace Speedup.TestKit.Checks;

/// <summary>Training flags, <c>requires_grad</c> and dtypes of a network.</summary>
internal sealed class ModelFlags(nn.Module network)
{
    private readonly IReadOnlyList<(string Name, bool Training)> _modules = [.. ReadModules(network)];
    private readonly Dictionary<string, (bool Trains, ScalarType Type)> _parameters = ReadParameters(network);

    /// <summary>What is no longer so; null if nothing.</summary>
    public string? FindChange(nn.Module after)
    {
        foreach (((string name, bool training), (_, bool now)) in _modules.Zip(ReadModules(after)))
        {
            if (training != now)
                return $"the training flag of '{name}' was {training} and is {now}";
        }
        foreach ((string name, (bool trains, ScalarType type)) in ReadParameters(after))
        {
            if (_parameters.TryGetValue(name, out (bool Trains, ScalarType Type) before) && before != (trains, type))
                return $"'{name}' had requires_grad {before.Trains} in {before.Type} and has {trains} in {type}";
        }
        return null;
    }

    private static IEnumerable<(string Name, bool Training)> ReadModules(nn.Module network) =>
        network.named_modules().Select(entry => (entry.name, entry.module.training));

    private static Dictionary<string, (bool Trains, ScalarType Type)> ReadParameters(nn.Module network) =>
        network.named_parameters().ToDictionary(entry => entry.name, entry => (entry.parameter.requires_grad, entry.parameter.dtype));
}
