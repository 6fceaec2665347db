using Speedup.Core.Models;
using Speedup.Core.SmallModels.Descriptions;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Saving;

/// <summary>Whether a module keeps parameters of other sizes than the dense model's in native memory, where nothing can be put in their place.</summary>
internal sealed class NativeChange(ModelInventory small, nn.Module module, ModuleDescription dense)
{
    /// <summary>Whether it does.</summary>
    public bool IsOne =>
        ModelInventory
            .TensorsOf(module)
            .Any(own =>
                small.SlotsOf(own.Tensor).Count == 0
                && !(dense.Tensors.TryGetValue(own.Name, out TensorDescription? before) && before.IsLike(TensorDescription.Of(own.Tensor)))
            );
}
