using System.Reflection;
using Speedup.Core.Models;
using Speedup.Core.SmallModels.Descriptions;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Saving;

/// <summary>Whether a module keeps parameters of other sizes than the dense model's in native memory, where nothing can be put in their place.</summary>
internal static class NativeChange
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Whether it does: TorchSharp's native classes are made around a handle, and have no fields for their parameters.</summary>
    public static bool IsOne(nn.Module module, ModuleDescription dense) =>
        CodeOrigin.IsTorch(module.GetType())
        && Array.Exists(module.GetType().GetConstructors(Any), IsOfHandle)
        && ModelInventory
            .TensorsOf(module)
            .Any(own =>
                SettingFields.FindHolder(module, own.Tensor) is null
                && !(dense.Tensors.TryGetValue(own.Name, out TensorDescription? before) && before.IsLike(TensorDescription.Of(own.Tensor)))
            );

    private static bool IsOfHandle(ConstructorInfo constructor) =>
        constructor.GetParameters() is [var first, ..] && first.ParameterType == typeof(nint);
}
