using Speedup.Modules;

namespace Speedup.Plugins.Arithmetic;

/// <summary>Handles the module <see cref="Sub"/>.</summary>
internal sealed class SubModuleHandler() : BinaryModuleHandler<Sub>(new SubtractHandler(), "op_Subtraction");
