using static TorchSharp.torch;

namespace Speedup.Pruning.Abstractions;

/// <summary>Hooks on layers for as long as it lives.</summary>
internal sealed class OutputHooks : IDisposable
{
    private readonly List<Action> _removals = [];

    public OutputHooks(nn.Module model, IEnumerable<string> modulePaths, Action<string, Tensor> observe)
    {
        var layers = new ModelLayers(model);
        try
        {
            foreach (string path in modulePaths)
                _removals.Add(Hook(path, layers[path], observe));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (Action remove in _removals)
            remove();
        _removals.Clear();
    }

    private static Action Hook(string path, nn.Module layer, Action<string, Tensor> observe)
    {
        if (layer is not nn.Module<Tensor, Tensor> simple)
            throw new PruningException(
                PruningCodes.WrongLayer,
                $"The outputs of '{path}' ({layer.GetType().Name}) cannot be observed: it does not take one tensor and return one. Exclude it, or use a "
                    + "pruner that looks at weights."
            );
        var hook = simple.register_forward_hook(
            (_, _, output) =>
            {
                observe(path, output);
                return output;
            }
        );
        return hook.remove;
    }
}
