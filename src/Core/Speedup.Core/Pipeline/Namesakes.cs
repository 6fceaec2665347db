using Speedup.Core.Models;
using Speedup.Core.Plugins;

namespace Speedup.Core.Pipeline;

/// <summary>Finds modules whose handler is there, but for a type of the same name from another load context.</summary>
internal static class Namesakes
{
    /// <summary>One sentence for each type.</summary>
    public static IEnumerable<string> Find(ModelInventory inventory, IHandlerSource handlers) =>
        inventory
            .Modules.Select(module => module.Module.GetType())
            .Distinct()
            .Where(type => handlers.FindModuleHandler(type) is null)
            .Select(handlers.FindNamesake)
            .OfType<string>();
}
