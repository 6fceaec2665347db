using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Tracing;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>Code that needs no framework: it makes modules of TorchSharp's own, of which it must know all settings.</summary>
internal sealed class StraightLineCode : IPlanTarget
{
    /// <inheritdoc/>
    public bool HasVariables => true;

    /// <inheritdoc/>
    public string? FindRefusal(nn.Module module, GraphNode node)
    {
        if (!CodeOrigin.IsTorch(module.GetType()) || ModuleMethods.IsOwn(node.Call!.Method))
            return " is no module of TorchSharp's, and its code was not traced.";
        return FindConstruction(module) is null
            ? ": TorchSharp does not show the settings of such a module, so that nobody knows how it is made."
            : null;
    }

    /// <inheritdoc/>
    public CodeValue.Construction? FindConstruction(nn.Module module) => ModuleSettings.Find(module);
}
