using Speedup.Modules;

namespace Speedup.Plugins.Arithmetic;

/// <summary>Handles the module <see cref="Mul"/>.</summary>
internal sealed class MulModuleHandler() : BinaryModuleHandler<Mul>(new MultiplyHandler(), "op_Multiply");
