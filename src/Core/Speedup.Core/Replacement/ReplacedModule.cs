using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.Replacement;

/// <summary>A module that takes the place of another one.</summary>
internal static class ReplacedModule
{
    /// <summary>Gives a new module what the old one had besides its values: flags, and an owner for its tensors.</summary>
    public static void CarryOver(nn.Module old, nn.Module replacement)
    {
        // A parameter that a handler has made within its dispose scope, or the engine's, belongs to the model now.
        foreach ((_, Parameter parameter) in replacement.named_parameters())
            parameter.DetachFromDisposeScope();
        foreach ((_, Tensor buffer) in replacement.named_buffers())
            buffer.DetachFromDisposeScope();
        replacement.train(old.training);
        Dictionary<string, Parameter> originals = old.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        bool trains = originals.Values.Any(parameter => parameter.requires_grad);
        foreach ((string name, Parameter parameter) in replacement.named_parameters())
            parameter.requires_grad = originals.TryGetValue(name, out Parameter? original) ? original.requires_grad : trains;
    }
}
