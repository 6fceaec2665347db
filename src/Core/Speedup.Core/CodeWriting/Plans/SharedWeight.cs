using Speedup.Core.SmallModels.Descriptions;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>A weight that two modules of a plan share.</summary>
/// <param name="Owner">The module that is called later.</param>
/// <param name="Name">Its name there.</param>
/// <param name="First">The module that is called first.</param>
/// <param name="FirstName">Its name there.</param>
internal sealed record SharedWeight(CodeModule Owner, string Name, CodeModule First, string FirstName)
{
    /// <summary>The shared weights of a plan, as far as code can assign them.</summary>
    public static IEnumerable<SharedWeight> Find(CodePlan plan)
    {
        var names = new TensorNames();
        var owners = new Dictionary<string, (CodeModule Module, string Name)>(StringComparer.Ordinal);
        foreach (CodeModule module in plan.Modules)
        foreach ((string name, Tensor tensor) in module.Module.state_dict())
        {
            string path = $"{module.Name}.{name}";
            owners[path] = (module, name);
            if (names.Add(tensor, path) is { } first && module.Module.GetType().GetProperty(name) is { CanWrite: true })
                yield return new SharedWeight(module, name, owners[first].Module, owners[first].Name);
        }
    }
}
